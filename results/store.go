package results

import (
	"errors"
	"fmt"
	"io"
	"os"
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
	// Warnings say what Resume found amiss in the folder and left out.
	Warnings []string

	dir  dir
	lock *flock.Flock
	// trials are those of the plan, by their seq.
	trials map[int]Trial
	// private takes out of texts what is not to be published.
	private *redactor

	mu   sync.Mutex
	file records // nil once closed
	// changing is set once the folder is written to. Until then a resumed run is
	// left as it was found, so that a caller may still reject it.
	changing bool
	whole    extent
	done     map[int]bool // trials that have an OK record, by their seq
	// broken is the error after which nothing can be appended.
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
func Create(path string, plan Plan, env Environment) (*Run, error) {
	if err := checkNew(&plan, &env); err != nil {
		return nil, fmt.Errorf("begin a run in %s: %w", path, err)
	}
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, err
	}
	d, err := openDir(path)
	if err != nil {
		return nil, err
	}
	private := machineRedactor()
	r := &Run{Dir: path, Plan: plan, Environment: private.environment(env), private: private, dir: d, changing: true}
	if r.lock, err = d.lock(); err != nil {
		return nil, both(err, d.close())
	}
	if err := r.begin(); err != nil {
		return nil, both(err, r.letGo())
	}
	return r, nil
}

// checkNew checks what a reader will check, and that it is today's schema.
func checkNew(plan *Plan, env *Environment) error {
	if err := plan.Validate(); err != nil {
		return fmt.Errorf("%s: %w", PlanFile, err)
	}
	if err := env.Validate(); err != nil {
		return fmt.Errorf("%s: %w", EnvironmentFile, err)
	}
	if plan.Schema != Schema || env.Schema != Schema {
		return fmt.Errorf("the plan is of schema %d and the environment of schema %d, but %d is written", plan.Schema, env.Schema, Schema)
	}
	if plan.Run != env.Run {
		return fmt.Errorf("the plan is of run %q, but the environment of run %q", plan.Run, env.Run)
	}
	return nil
}

// begin writes the documents of a new run. plan.json comes last: it is what
// makes a folder a run, so a crash before it leaves a folder that can be used
// again.
func (r *Run) begin() error {
	if err := r.dir.holdsNone(); err != nil {
		return err
	}
	if err := r.dir.remove(SumsFile); err != nil {
		return err
	}
	text, err := encodeEnvironment(r.Environment)
	if err := r.dir.replaceDocument(EnvironmentFile, text, err); err != nil {
		return err
	}
	if err := r.openRecords(extent{}, nil); err != nil {
		return err
	}
	text, err = encodePlan(r.Plan)
	if err := r.dir.replaceDocument(PlanFile, text, err); err != nil {
		return both(err, r.file.Close())
	}
	return nil
}

// holdsNone fails where anything in a folder would be lost by a new run.
func (d dir) holdsNone() error {
	for _, name := range []string{PlanFile, CompressedFile, RecordsFile} {
		info, err := d.stat(name)
		switch {
		case err != nil:
			return err
		case info == nil, name == RecordsFile && info.Mode().IsRegular() && info.Size() == 0:
		default:
			return fmt.Errorf("%s: %w", d.root.Name(), ErrHoldsRun)
		}
	}
	return nil
}

// Resume goes on with a run that was interrupted, and returns the records that
// it has so far (see Folder). The caller compares the host with the run's
// environment: until the first Append the folder is left as it was found. A last
// line that was cut short is then removed, of which there is a warning.
//
// Beside the errors of Open there are ErrBusy, ErrOldSchema and ErrCompressed.
func Resume(path string) (*Run, []Record, error) {
	f, err := openReader(path)
	if err != nil {
		return nil, nil, err
	}
	r, err := f.resume()
	if err != nil {
		return nil, nil, both(err, f.dir.close())
	}
	return r, f.Records, nil
}

func (r *reader) resume() (*Run, error) {
	// Before the lock, so that none is left in a folder that can't be resumed.
	if err := r.readDocuments(); err != nil {
		return nil, err
	}
	if r.Plan.Schema != Schema {
		return nil, fmt.Errorf("%s: %w", r.Dir, ErrOldSchema)
	}
	if name, err := r.dir.recordsName(); err != nil {
		return nil, err
	} else if name == CompressedFile {
		return nil, fmt.Errorf("%s: %w", r.Dir, ErrCompressed)
	}
	lock, err := r.dir.lock()
	if err != nil {
		return nil, err
	}
	if err := r.readRecords(); err != nil {
		return nil, both(err, lock.Unlock())
	}
	run := &Run{Dir: r.Dir, Plan: r.Plan, Environment: r.Environment, Warnings: r.Warnings, private: machineRedactor(), dir: r.dir, lock: lock}
	if err := run.openRecords(r.whole, r.Records); err != nil {
		return nil, both(err, lock.Unlock())
	}
	return run, nil
}

// openRecords opens records.jsonl for writing after its whole lines, whose
// records are given.
func (r *Run) openRecords(whole extent, have []Record) error {
	file, _, err := r.dir.open(RecordsFile, os.O_WRONLY|os.O_CREATE)
	if err != nil {
		return err
	}
	r.file, r.whole = file, whole
	r.trials = r.Plan.bySeq()
	r.done = make(map[int]bool, len(r.trials))
	for i := range have {
		r.done[have[i].Seq] = have[i].Outcome == OK
	}
	return nil
}

// Close forces the records to the disk, writes the checksums and lets go of the
// folder. It is safe to call twice.
func (r *Run) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		return nil
	}
	err := both(r.file.Sync(), r.file.Close())
	r.file = nil
	if err == nil {
		err = r.sumUp()
	}
	r.broken = errors.New("the run's folder is closed")
	return both(err, r.letGo())
}

// sumUp writes the checksums. It keeps existing ones if the run did not change the
// folder, since they reveal a file that was changed meanwhile.
func (r *Run) sumUp() error {
	if held, err := r.dir.has(SumsFile); err != nil || held && !r.changing {
		return err
	}
	return r.dir.writeSums()
}

func (r *Run) letGo() error { return both(r.lock.Unlock(), r.dir.close()) }
