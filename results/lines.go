package results

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// line is a record with the number of the line that it stands in, from 1.
type line struct {
	number int
	record Record
}

// extent is how much of records.jsonl consists of whole lines.
type extent struct {
	bytes int64
	lines int
}

// readRecords fills Records and Warnings from the records of the folder, whose
// documents have been read.
func (r *reader) readRecords() error {
	sums, sumsErr := r.dir.readSums()
	name, err := r.dir.recordsName()
	if err != nil {
		return err
	}
	lines, cut, err := r.readLines(name)
	if err != nil {
		return err
	}
	trials := r.Plan.bySeq()
	for _, l := range lines {
		if err := belongs(&l.record, &r.Plan, trials); err != nil {
			return fmt.Errorf("%s:%d: %w", r.dir.path(name), l.number, err)
		}
	}
	r.Records, r.Warnings = stand(lines)
	if cut > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf(
			"%s: the last %d bytes are not a whole line and are left out: the run was stopped while it wrote them, or still goes on", r.dir.path(name), cut))
	}
	r.mismatches = r.verify(sums, sumsErr)
	r.Warnings = append(r.Warnings, r.mismatches...)
	return nil
}

// recordsName is the name of the file that has the records.
func (d dir) recordsName() (string, error) {
	for _, name := range []string{RecordsFile, CompressedFile} {
		if held, err := d.has(name); err != nil || held {
			return name, err
		}
	}
	return "", fmt.Errorf("%s: %w", d.path(RecordsFile), fs.ErrNotExist)
}

// readLines reads the lines of a file of records, and gives the number of bytes
// that follow the last whole one.
func (r *reader) readLines(name string) (lines []line, cut int64, err error) {
	text, err := r.dir.openText(name, MaxRecordsFile)
	if err != nil {
		return nil, 0, err
	}
	defer text.close()
	lines, whole, err := readLines(text, r.dir.path(name), MaxRecords)
	if err != nil {
		return nil, 0, err
	}
	r.whole = extent{whole, len(lines)}
	r.sums[name] = text.checksum()
	return lines, text.read - whole, nil
}

// readLines reads and validates at most limit records, one a line, and returns
// the number of bytes up to the last newline. What follows it was never
// acknowledged by Append, so it is no record, even if it reads like one. The
// name is for errors.
func readLines(r io.Reader, name string, limit int) (lines []line, whole int64, err error) {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, MaxLine)
	scanner.Split(splitLines)
	for scanner.Scan() {
		text := scanner.Bytes()
		if text[len(text)-1] != '\n' {
			break
		}
		l := line{number: len(lines) + 1}
		if l.number > limit {
			return nil, 0, fmt.Errorf("%s has more than %d lines", name, limit)
		}
		if err := decodeRecord(text, &l.record); err != nil {
			return nil, 0, fmt.Errorf("%s:%d: %w", name, l.number, err)
		}
		lines = append(lines, l)
		whole += int64(len(text))
	}
	switch err := scanner.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, 0, fmt.Errorf("%s:%d: the line is longer than %d bytes", name, len(lines)+1, MaxLine)
	case err != nil:
		return nil, 0, fmt.Errorf("%s:%d: %w", name, len(lines)+1, err)
	}
	return lines, whole, nil
}

// splitLines is a bufio.SplitFunc like bufio.ScanLines that keeps the newline,
// so that a whole line can be told from one that was cut short.
func splitLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// belongs returns an error if a record is not of the run: its trial must be the one
// that the plan has under its number.
func belongs(r *Record, p *Plan, trials map[int]Trial) error {
	trial, ok := trials[r.Seq]
	switch {
	case r.Run != p.Run:
		return fmt.Errorf("the record is of run %q, not of run %q", r.Run, p.Run)
	case r.Schema != p.Schema:
		return fmt.Errorf("the record is of schema %d, but the plan of schema %d", r.Schema, p.Schema)
	case !ok:
		return fmt.Errorf("trial %d is not in the plan", r.Seq)
	case r.Block != trial.Block || r.Cell != trial.Cell:
		return fmt.Errorf("trial %d is %s in block %d, but the plan has %s in block %d",
			r.Seq, r.Cell, r.Block, trial.Cell, trial.Block)
	}
	return nil
}

// bySeq indexes the trials.
func (p *Plan) bySeq() map[int]Trial {
	all := p.Trials()
	trials := make(map[int]Trial, len(all))
	for _, t := range all {
		trials[t.Seq] = t
	}
	return trials
}

// stand picks the record that is used for each trial: the first OK one, or else the
// last one. They keep the order of their lines.
func stand(lines []line) (records []Record, warnings []string) {
	standing := make(map[int]int, len(lines)) // seq → index into lines
	for i, l := range lines {
		if j, ok := standing[l.record.Seq]; !ok || lines[j].record.Outcome != OK {
			standing[l.record.Seq] = i
		}
	}
	for i, l := range lines {
		j := standing[l.record.Seq]
		if i == j {
			records = append(records, l.record)
			continue
		}
		warnings = append(warnings, fmt.Sprintf("trial %d was run more than once: line %d (%s) is superseded by line %d (%s)",
			l.record.Seq, l.number, l.record.Outcome, lines[j].number, lines[j].record.Outcome))
	}
	return records, warnings
}
