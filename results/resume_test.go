package results

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever is cut off the end of the file costs at most the line that it cuts,
// and the run goes on from there.
func TestResumeAfterACut(t *testing.T) {
	run := create(t, 4)
	mustAppend(t, run, testRecord(0), testRecord(1))
	kept, _ := os.Stat(filepath.Join(run.Dir, RecordsFile))
	mustAppend(t, run, testRecord(2))
	mustClose(t, run)
	path := filepath.Join(run.Dir, RecordsFile)
	whole := mustRead(t, path)
	for _, size := range []int64{kept.Size(), kept.Size() + 1, kept.Size() + 50, int64(len(whole)) - 1, int64(len(whole))} {
		mustWrite(t, path, whole[:size])
		os.Remove(filepath.Join(run.Dir, SumsFile)) // a run that was killed has none
		want := 2
		if size == int64(len(whole)) {
			want = 3
		}
		partial := size != kept.Size() && want == 2
		f := mustOpen(t, run.Dir)
		if len(f.Records) != want || (len(f.Warnings) == 1) != partial {
			t.Fatalf("cut to %d bytes: %d records, warnings %q", size, len(f.Records), f.Warnings)
		}
		resumed, records, err := Resume(run.Dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(records) != want || (len(resumed.Warnings) == 1) != partial {
			t.Fatalf("cut to %d bytes: %d records, warnings %q", size, len(records), resumed.Warnings)
		}
		mustAppend(t, resumed, testRecord(3))
		mustClose(t, resumed)
		if f := mustOpen(t, run.Dir); len(f.Records) != want+1 || f.Warnings != nil {
			t.Fatalf("cut to %d bytes and resumed: %d records, warnings %q", size, len(f.Records), f.Warnings)
		}
	}
}

func TestResumeRefuses(t *testing.T) {
	dir := t.TempDir()
	_, _, err := Resume(dir)
	oneLine(t, err, dir, ErrNoRun.Error())
	if left := names(t, dir); left != nil {
		t.Errorf("a refused Resume leaves %v", left)
	}
	missing := filepath.Join(dir, "missing")
	_, _, err = Resume(missing)
	oneLine(t, err, missing, ErrNoRun.Error())

	run := create(t, 1)
	if _, _, err := Resume(run.Dir); !errors.Is(err, ErrBusy) {
		t.Errorf("%v is not ErrBusy", err)
	}
	mustClose(t, run)
	os.Remove(filepath.Join(run.Dir, RecordsFile))
	_, _, err = Resume(run.Dir)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not ErrNotExist", err)
	}
	oneLine(t, err, RecordsFile)

	// A refusal lets go of the lock.
	mustWrite(t, filepath.Join(run.Dir, RecordsFile), nil)
	resumed, _, err := Resume(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	mustClose(t, resumed)
}

// A run of schema 1 is read, and can't be resumed. Its folder stays as it was.
func TestResumeRefusesAnOldSchema(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "v1"))); err != nil {
		t.Fatal(err)
	}
	before := names(t, dir)
	_, _, err := Resume(dir)
	if !errors.Is(err, ErrOldSchema) {
		t.Errorf("%v is not ErrOldSchema", err)
	}
	oneLine(t, err, dir, "begin a new run")
	if diff := cmp.Diff(before, names(t, dir)); diff != "" {
		t.Errorf("the refused Resume has changed the folder: %s", diff)
	}
}

// A caller that resumes a run and then refuses it, since it is another machine's,
// leaves all files as they were: a half line, and checksums that don't match.
func TestResumeChangesNothingBeforeTheFirstRecord(t *testing.T) {
	run := create(t, 3)
	mustAppend(t, run, testRecord(0))
	mustClose(t, run)
	path := filepath.Join(run.Dir, RecordsFile)
	mustWrite(t, path, append(mustRead(t, path), `{"schema":2`...))
	before := map[string][]byte{}
	for _, name := range []string{PlanFile, EnvironmentFile, RecordsFile, SumsFile} {
		before[name] = mustRead(t, run.Dir, name)
	}
	resumed, records, err := Resume(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 1 || len(resumed.Warnings) != 2 {
		t.Errorf("%d records, warnings %q", len(records), resumed.Warnings)
	}
	oneLine(t, resumed.Append(testRecord(0)), "is kept") // nor does a refused record
	mustClose(t, resumed)
	for name, text := range before {
		if !bytes.Equal(text, mustRead(t, run.Dir, name)) {
			t.Errorf("%s has changed", name)
		}
	}
	if f := mustOpen(t, run.Dir); len(f.Warnings) != 2 {
		t.Errorf("warnings %q", f.Warnings)
	}
}
