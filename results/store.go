package results

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"
)

// Run is a run's folder that is being written to. One process has it at a
// time. Its methods may be called from several goroutines. The plan must not
// be changed while it is in use.
type Run struct {
	Dir         string
	Plan        Plan
	Environment Environment
	// Warnings say what Resume found amiss in the records and left out.
	Warnings []string

	lock *flock.Flock
	// trials are those of the plan, by their seq.
	trials map[int]Trial

	mu    sync.Mutex
	file  records // nil once closed
	whole extent
	done  map[int]bool // trials that have an OK record, by their seq
	// broken is why nothing can be appended any more.
	broken error
}

// records is what Run needs of records.jsonl. It writes at an offset, since a
// file that Windows has opened for appending can't be truncated.
type records interface {
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	Sync() error
}

// Create begins a run in a folder, which it makes together with its parents.
// A folder that holds a run already is left as it is, and the error wraps
// ErrHoldsRun.
func Create(dir string, plan Plan, env Environment) (*Run, error) {
	if err := plan.Validate(); err != nil {
		return nil, fmt.Errorf("%s for %s: %w", PlanFile, dir, err)
	}
	if err := env.Validate(); err != nil {
		return nil, fmt.Errorf("%s for %s: %w", EnvironmentFile, dir, err)
	}
	if plan.Run != env.Run {
		return nil, fmt.Errorf("the plan is of run %q, but the environment of run %q", plan.Run, env.Run)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	lock, err := take(dir)
	if err != nil {
		return nil, err
	}
	r := &Run{Dir: dir, Plan: plan, Environment: env, lock: lock}
	if err := r.begin(); err != nil {
		return nil, both(err, lock.Unlock())
	}
	return r, nil
}

// begin writes the documents of a new run. plan.json comes last: it is what
// makes a folder a run, so a crash before it leaves a folder that can be used
// again.
func (r *Run) begin() error {
	if held, err := holdsRun(r.Dir); err != nil {
		return err
	} else if held {
		return fmt.Errorf("%s: %w", r.Dir, ErrHoldsRun)
	}
	if err := writeDocument(filepath.Join(r.Dir, EnvironmentFile), r.Environment.complete()); err != nil {
		return err
	}
	if err := r.openRecords(extent{}, nil); err != nil {
		return err
	}
	if err := writeDocument(filepath.Join(r.Dir, PlanFile), r.Plan.complete()); err != nil {
		return both(err, r.file.Close())
	}
	return nil
}

// holdsRun reports whether anything in a folder would be lost by a new run.
func holdsRun(dir string) (bool, error) {
	if _, err := os.Lstat(filepath.Join(dir, PlanFile)); err == nil {
		return true, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	info, err := os.Lstat(filepath.Join(dir, RecordsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && (info.Size() > 0 || !info.Mode().IsRegular()), err
}

// Resume goes on with a run that was interrupted, and returns the records that
// it has so far (see Folder). A last line that was cut short is removed, with
// a warning. The caller compares the host with the run's environment.
func Resume(dir string) (*Run, []Record, error) {
	// Before the lock, so that none is left in a folder that is not a run's.
	if _, err := os.Stat(filepath.Join(dir, PlanFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%s: %w", dir, ErrNoRun)
	}
	lock, err := take(dir)
	if err != nil {
		return nil, nil, err
	}
	f, whole, err := open(dir)
	if err != nil {
		return nil, nil, both(err, lock.Unlock())
	}
	r := &Run{Dir: dir, Plan: f.Plan, Environment: f.Environment, Warnings: f.Warnings, lock: lock}
	if err := r.openRecords(whole, f.Records); err != nil {
		return nil, nil, both(err, lock.Unlock())
	}
	return r, f.Records, nil
}

// take takes the lock on a folder, or fails at once. The lock is a file of its
// own since Windows keeps others from reading a file that is locked, and it
// stays since removing it would let two processes each hold a lock.
func take(dir string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(dir, lockFile), flock.SetPermissions(0o666))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the run's folder: %w", err)
	}
	if !ok {
		return nil, fmt.Errorf("%s: %w", dir, ErrBusy)
	}
	return lock, nil
}

// openRecords opens records.jsonl for writing after its whole lines, whose
// records are given, and cuts off the rest.
func (r *Run) openRecords(whole extent, have []Record) error {
	path := filepath.Join(r.Dir, RecordsFile)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	if err := file.Truncate(whole.bytes); err != nil {
		return both(err, file.Close())
	}
	r.file, r.whole = file, whole
	r.trials = r.Plan.bySeq()
	r.done = make(map[int]bool, len(r.trials))
	for i := range have {
		r.done[have[i].Seq] = have[i].Outcome == OK
	}
	return nil
}

// Append writes a record: when it returns nil, the record is with the
// operating system and outlives this process. A record that is not valid, not
// of this run's plan, or of a trial that has an OK record already is refused.
// After an error the file holds whole records alone. A full disk is an error
// that wraps syscall.ENOSPC, and Append may be tried again.
func (r *Run) Append(rec Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken != nil {
		return r.broken
	}
	text, err := r.admit(&rec)
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

// admit checks a record against all that a reader will check, and returns its
// line.
func (r *Run) admit(rec *Record) ([]byte, error) {
	if err := rec.Validate(); err != nil {
		return nil, err
	}
	if err := belongs(rec, r.Plan.Run, r.trials); err != nil {
		return nil, err
	}
	if r.done[rec.Seq] {
		return nil, errors.New("the trial has an OK record already, which stands")
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

// takeBack removes what a failed write has left of a line. Where even that
// fails, a further record would make a line of two halves, so none is taken.
func (r *Run) takeBack(cause error) error {
	if err := r.file.Truncate(r.whole.bytes); err != nil {
		r.broken = fmt.Errorf("no more records can be written: %w, and then %w", cause, err)
		return r.broken
	}
	return cause
}

// Close forces the records to the disk and lets go of the folder. It is safe
// to call twice.
func (r *Run) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		return nil
	}
	err := both(both(r.file.Sync(), r.file.Close()), r.lock.Unlock())
	r.file = nil
	r.broken = fmt.Errorf("%s: the run's folder is closed", r.Dir)
	return err
}
