package results

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
)

// Names of the files in a run's folder.
const (
	PlanFile        = "plan.json"
	EnvironmentFile = "environment.json"
	RecordsFile     = "records.jsonl"
	// CompressedFile stands in for RecordsFile in a run that is published.
	CompressedFile = RecordsFile + ".gz"
	// SumsFile has the checksums of the files above, once the run is closed.
	SumsFile      = "SHA256SUMS"
	ReportFile    = "report.html"
	FiguresFolder = "figures"
	lockFile      = ".lock"
)

// Bounds of what is read, and so of what is written. A folder is untrusted: each
// bound limits the memory that reading it takes.
const (
	// MaxDocument bounds plan.json and environment.json, in bytes. It has room
	// for a plan of some 100,000 specifications.
	MaxDocument = 32 << 20
	// MaxLine bounds a record's line with its newline, in bytes. It has room
	// for some 800,000 values.
	MaxLine = 16 << 20
	// MaxRecords bounds the lines of records.jsonl and the trials of a plan.
	MaxRecords = 1 << 18
	// MaxRecordsFile bounds records.jsonl, in bytes, also once decompressed.
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
	// ErrOldSchema: Resume was given a run of an older schema.
	ErrOldSchema = errors.New("the run is in an older format, which is read but not written: begin a new run")
	// ErrCompressed: Resume was given a run whose records are compressed.
	ErrCompressed = errors.New("the run's records are compressed: decompress them with gunzip " + CompressedFile + " to resume it")
)

// Folder is a run as it lies on disk, read in full.
type Folder struct {
	Dir         string
	Plan        Plan
	Environment Environment
	// Records has one record for each trial that has ended, in the order in
	// which they were written.
	Records []Record
	// Warnings say what was left out of Records and why, and which files are not
	// what they were when the run was closed.
	Warnings []string
}

// Open reads a run's folder. It takes no lock: the folder may belong to a run
// that is still going on, and then holds what has been written so far. An
// error names the file, and within records.jsonl the line.
func Open(path string) (*Folder, error) {
	r, err := openReader(path)
	if err != nil {
		return nil, err
	}
	defer r.dir.close()
	if err := r.readDocuments(); err != nil {
		return nil, err
	}
	if err := r.readRecords(); err != nil {
		return nil, err
	}
	return &r.Folder, nil
}

// Read is Open for a caller that has no one to show warnings to.
func Read(path string) (Plan, Environment, []Record, error) {
	f, err := Open(path)
	if err != nil {
		return Plan{}, Environment{}, nil, err
	}
	return f.Plan, f.Environment, f.Records, nil
}

// reader reads a folder.
type reader struct {
	Folder
	dir dir
	// sums are those of the files that have been read, by their names.
	sums map[string]checksum
	// mismatches are those of Folder.Warnings that are about checksums.
	mismatches []string
	// whole is the extent of the complete lines of the records.
	whole extent
}

func openReader(path string) (*reader, error) {
	d, err := openDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, ErrNoRun)
	} else if err != nil {
		return nil, err
	}
	return &reader{Folder: Folder{Dir: path}, dir: d, sums: map[string]checksum{}}, nil
}

// readDocuments reads what is not changed any more once plan.json is there.
func (r *reader) readDocuments() error {
	if held, err := r.dir.has(PlanFile); err != nil {
		return err
	} else if !held {
		return fmt.Errorf("%s: %w", r.Dir, ErrNoRun)
	}
	if err := readDocument(r, PlanFile, &r.Plan, decodePlan); err != nil {
		return err
	}
	if err := readDocument(r, EnvironmentFile, &r.Environment, decodeEnvironment); err != nil {
		return err
	}
	p, e := &r.Plan, &r.Environment
	if e.Run != p.Run || e.Schema != p.Schema {
		return fmt.Errorf("%s is of run %q in schema %d, but %s of run %q in schema %d",
			r.dir.path(EnvironmentFile), e.Run, e.Schema, PlanFile, p.Run, p.Schema)
	}
	return nil
}

// readDocument reads one JSON value, which its decoder also validates.
func readDocument[T any](r *reader, name string, v *T, decode func([]byte, *T) error) error {
	text, err := r.dir.read(name, MaxDocument)
	if err != nil {
		return err
	}
	r.sums[name] = sha256.Sum256(text)
	if err := decode(text, v); err != nil {
		return fmt.Errorf("%s: %w", r.dir.path(name), err)
	}
	return nil
}
