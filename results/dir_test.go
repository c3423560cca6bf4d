package results

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// link makes a symbolic link in place of a file.
func link(t *testing.T, target, path string) {
	t.Helper()
	os.Remove(path)
	if err := os.Symlink(target, path); err != nil {
		t.Skipf("this system or user can make no symbolic link: %v", err)
	}
}

// A link in a run's folder is followed by neither Open nor Resume nor Compress,
// wherever it leads, and what it leads to stays as it is.
func TestLinksAreNotFollowed(t *testing.T) {
	for _, name := range []string{PlanFile, EnvironmentFile, RecordsFile} {
		for where, target := range map[string]func(dir string) string{
			"outside": func(string) string { return filepath.Join(t.TempDir(), "victim") },
			"inside":  func(dir string) string { return filepath.Join(dir, "victim") },
		} {
			var victim string
			var text []byte
			dir := unsummed(t, func(dir string) {
				path := filepath.Join(dir, name)
				victim = target(dir)
				text = append(mustRead(t, path), "half a line"...)
				mustWrite(t, victim, text)
				to := victim
				if where == "inside" {
					to = "victim"
				}
				link(t, to, path)
			})
			_, err := Open(dir)
			oneLine(t, err, name, "is not a regular file")
			_, _, err = Resume(dir)
			oneLine(t, err, name, "is not a regular file")
			oneLine(t, Compress(dir), name, "is not a regular file")
			if !bytes.Equal(text, mustRead(t, victim)) {
				t.Errorf("%s with a link that leads %s: its target has changed", name, where)
			}
		}
	}
}

// A link in place of the lock makes no file and locks none.
func TestLinkInPlaceOfTheLock(t *testing.T) {
	target := filepath.Join(t.TempDir(), "target")
	dir := folder(t, func(dir string) { link(t, target, filepath.Join(dir, lockFile)) })
	_, _, err := Resume(dir)
	oneLine(t, err, lockFile, "is not a regular file")
	oneLine(t, Compress(dir), lockFile, "is not a regular file")
	fresh := t.TempDir()
	link(t, target, filepath.Join(fresh, lockFile))
	_, err = Create(fresh, testPlan(1), testEnvironment())
	oneLine(t, err, lockFile, "is not a regular file")
	if _, err := os.Lstat(target); err == nil {
		t.Error("the link's target was made")
	}
	if f := mustOpen(t, dir); len(f.Records) != 2 {
		t.Error("a reader needs no lock")
	}
}

// Files that are written as a whole replace a link, and what lies under their
// temporary name, without touching a target.
func TestLinksAreReplaced(t *testing.T) {
	victim := filepath.Join(t.TempDir(), "victim")
	mustWrite(t, victim, []byte("precious"))
	run := create(t, 1)
	link(t, victim, filepath.Join(run.Dir, SumsFile))
	link(t, victim, filepath.Join(run.Dir, "."+SumsFile+".new"))
	mustAppend(t, run, testRecord(0))
	mustClose(t, run)
	if string(mustRead(t, victim)) != "precious" {
		t.Error("the target has changed")
	}
	if info, err := os.Lstat(filepath.Join(run.Dir, SumsFile)); err != nil || !info.Mode().IsRegular() {
		t.Errorf("%s is %v, %v", SumsFile, info.Mode(), err)
	}
	if f := mustOpen(t, run.Dir); f.Warnings != nil {
		t.Errorf("warnings %q", f.Warnings)
	}
}

// The folder itself may be reached by a link.
func TestLinkToAFolder(t *testing.T) {
	dir := folder(t, func(string) {})
	path := filepath.Join(t.TempDir(), "latest")
	link(t, dir, path)
	if f := mustOpen(t, path); len(f.Records) != 2 || f.Warnings != nil {
		t.Errorf("%d records, warnings %q", len(f.Records), f.Warnings)
	}
}
