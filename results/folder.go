package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Names of the files in a run's folder.
const (
	PlanFile        = "plan.json"
	EnvironmentFile = "environment.json"
	RecordsFile     = "records.jsonl"
	ReportFile      = "report.html"
	FiguresFolder   = "figures"
	lockFile        = ".lock"
)

// Bounds of what is read, and so of what is written. A folder may come from a
// stranger: each bound keeps it from costing more memory than a report is
// worth.
const (
	// MaxDocument bounds plan.json and environment.json, in bytes. It has room
	// for a plan of some 50,000 trials.
	MaxDocument = 32 << 20
	// MaxLine bounds a record's line with its newline, in bytes. It has room
	// for some 800,000 values.
	MaxLine = 16 << 20
	// MaxRecords bounds the lines of records.jsonl and the trials of a plan.
	MaxRecords = 1 << 18
	// MaxRecordsFile bounds records.jsonl, in bytes.
	MaxRecordsFile = 1 << 30
	// maxObjects bounds the JSON objects in a document or in a line: "{}" is
	// two bytes of text and hundreds of bytes of memory.
	maxObjects = 4 * MaxRecords
)

// Errors that a caller tells apart with errors.Is.
var (
	// ErrHoldsRun: Create was given the folder of an earlier run.
	ErrHoldsRun = errors.New("the folder holds a run already; resume it or name another folder")
	// ErrNoRun: there is no run in the folder.
	ErrNoRun = errors.New("the folder holds no run (no " + PlanFile + ")")
	// ErrBusy: another process, or another Run of this one, appends to it.
	ErrBusy = errors.New("another process is writing to this run")
)

// Folder is a run as it lies on disk, read in full.
type Folder struct {
	Dir         string
	Plan        Plan
	Environment Environment
	// Records has one record for each trial that has ended, in the order in
	// which they were written.
	Records []Record
	// Warnings say what was left out of Records and why.
	Warnings []string
}

// Open reads a run's folder. It takes no lock: the folder may belong to a run
// that is still going on, and then holds what has been written so far. An
// error names the file, and within records.jsonl the line.
func Open(dir string) (*Folder, error) {
	f, _, err := open(dir)
	return f, err
}

// Read is Open for a caller that has no one to show warnings to.
func Read(dir string) (Plan, Environment, []Record, error) {
	f, err := Open(dir)
	if err != nil {
		return Plan{}, Environment{}, nil, err
	}
	return f.Plan, f.Environment, f.Records, nil
}

func open(dir string) (*Folder, extent, error) {
	f := &Folder{Dir: dir}
	if err := f.readDocuments(); err != nil {
		return nil, extent{}, err
	}
	whole, err := f.readRecords()
	if err != nil {
		return nil, extent{}, err
	}
	return f, whole, nil
}

func (f *Folder) readDocuments() error {
	plan := filepath.Join(f.Dir, PlanFile)
	if err := readDocument(plan, &f.Plan, decodePlan); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", f.Dir, ErrNoRun)
	} else if err != nil {
		return err
	}
	if err := f.Plan.Validate(); err != nil {
		return fmt.Errorf("%s: %w", plan, err)
	}
	environment := filepath.Join(f.Dir, EnvironmentFile)
	if err := readDocument(environment, &f.Environment, decodeEnvironment); err != nil {
		return err
	}
	if err := f.Environment.Validate(); err != nil {
		return fmt.Errorf("%s: %w", environment, err)
	}
	if f.Environment.Run != f.Plan.Run {
		return fmt.Errorf("%s is of run %q, but %s of run %q", environment, f.Environment.Run, PlanFile, f.Plan.Run)
	}
	return nil
}

// readDocument reads one JSON value from a file.
func readDocument[T any](path string, v *T, decode func([]byte, *T) error) error {
	file, size, err := openRegular(path, MaxDocument)
	if err != nil {
		return err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, size))
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if err := decode(data, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// openRegular opens a file for reading and returns its size. Anything but a
// regular file is refused before it is opened: a pipe would block for ever.
func openRegular(path string, limit int64) (*os.File, int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%s is not a regular file", path)
	}
	if info.Size() > limit {
		return nil, 0, fmt.Errorf("%s has %d bytes, at most %d are read", path, info.Size(), limit)
	}
	file, err := os.Open(path)
	return file, info.Size(), err
}

// decode reads one JSON value into v. A field that this program does not know
// is passed over: it comes from a later version, and an addition does not
// change what the rest means, or else it would have raised the schema.
func decode(data []byte, v any) error {
	if n := bytes.Count(data, []byte("{")); n > maxObjects {
		return fmt.Errorf("there are %d objects, at most %d are read", n, maxObjects)
	}
	return json.Unmarshal(data, v)
}
