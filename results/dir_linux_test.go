package results

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// pipe puts a pipe that nobody writes to in place of a file.
func pipe(t *testing.T, path string) {
	t.Helper()
	os.Remove(path)
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A pipe in place of a file must not make anyone wait for a writer.
func TestNobodyWaitsForAPipe(t *testing.T) {
	for _, file := range []string{PlanFile, EnvironmentFile, RecordsFile} {
		dir := folder(t, func(dir string) { pipe(t, filepath.Join(dir, file)) })
		_, err := Open(dir)
		oneLine(t, err, file, "is not a regular file")
		_, _, err = Resume(dir)
		oneLine(t, err, file, "is not a regular file")
	}
	dir := folder(t, func(dir string) { pipe(t, filepath.Join(dir, lockFile)) })
	_, _, err := Resume(dir)
	oneLine(t, err, lockFile, "is not a regular file")

	// The checksums are a pipe: the run is read and a warning says so.
	dir = folder(t, func(dir string) { pipe(t, filepath.Join(dir, SumsFile)) })
	if f := mustOpen(t, dir); len(f.Records) != 2 || len(f.Warnings) != 1 {
		t.Errorf("%d records, warnings %q", len(f.Records), f.Warnings)
	}

	fresh := t.TempDir()
	pipe(t, filepath.Join(fresh, RecordsFile))
	_, err = Create(fresh, testPlan(1), testEnvironment())
	oneLine(t, err, fresh, ErrHoldsRun.Error())
}
