package results

import (
	"errors"
	"fmt"
)

// Append writes a record: when it returns nil, the record is with the operating
// system and outlives this process. A record is rejected if it is not valid, is not
// of this run's plan, or is of a trial that already has an OK record. After an
// error the file holds only complete records. Folders and the user's name are taken out
// of its texts. A full disk is an error that wraps
// syscall.ENOSPC, and Append may be tried again.
func (r *Run) Append(rec Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken != nil {
		return fmt.Errorf("%s: %w", r.Dir, r.broken)
	}
	rec = r.private.record(rec)
	text, err := r.admit(&rec)
	if err == nil {
		err = r.begins()
	}
	if err != nil {
		return fmt.Errorf("record of trial %d: %w", rec.Seq, err)
	}
	if _, err := r.file.WriteAt(text, r.whole.bytes); err != nil {
		return fmt.Errorf("record of trial %d: %w", rec.Seq, r.takeBack(err))
	}
	r.whole.bytes += int64(len(text))
	r.whole.lines++
	r.done[rec.Seq] = rec.Outcome == OK
	return nil
}

// begins puts a resumed run into progress, once. It removes the checksums, which no
// longer match once a record is appended, and what follows the last complete line.
func (r *Run) begins() error {
	if r.changing {
		return nil
	}
	if err := r.dir.remove(SumsFile); err != nil {
		return err
	}
	if err := r.file.Truncate(r.whole.bytes); err != nil {
		return err
	}
	r.changing = true
	return nil
}

// admit checks a record against all that a reader will check, and returns its
// line.
func (r *Run) admit(rec *Record) ([]byte, error) {
	if err := rec.Validate(); err != nil {
		return nil, err
	}
	if err := belongs(rec, &r.Plan, r.trials); err != nil {
		return nil, err
	}
	if r.done[rec.Seq] {
		return nil, errors.New("the trial already has an OK record, which is kept")
	}
	text, err := encode(rec.complete(), "")
	if err != nil {
		return nil, err
	}
	switch {
	case len(text) > MaxLine:
		return nil, fmt.Errorf("the line has %d bytes, at most %d can be read", len(text), MaxLine)
	case r.whole.lines == MaxRecords:
		return nil, fmt.Errorf("%s has %d lines, and no more can be read", RecordsFile, MaxRecords)
	case r.whole.bytes+int64(len(text)) > MaxRecordsFile:
		return nil, fmt.Errorf("%s has %d bytes, and at most %d can be read", RecordsFile, r.whole.bytes, MaxRecordsFile)
	}
	return text, nil
}

// takeBack removes what a failed write has left of a line. If that fails too, no
// more records are accepted, because the next one would be appended to half a line.
func (r *Run) takeBack(cause error) error {
	if err := r.file.Truncate(r.whole.bytes); err != nil {
		r.broken = fmt.Errorf("no more records can be written: %w, and then %w", cause, err)
		return r.broken
	}
	return cause
}
