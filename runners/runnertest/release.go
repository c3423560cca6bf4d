package runnertest

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"edgebench/runners"
	"edgebench/runners/source"
)

// Pinned checks that a release is that of the version which go.mod requires of a
// module, and that its day is one.
func Pinned(t *testing.T, module string, r runners.Release) {
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	required := regexp.MustCompile(`(?m)^\s*` + regexp.QuoteMeta(module) + ` (\S+)`).FindSubmatch(mod)
	if required == nil {
		t.Fatalf("go.mod does not require %s", module)
	}
	if version := string(required[1]); r.Of(version) == "" {
		t.Errorf("go.mod requires %s %s, and the day of release is that of %s: look up the other", module, version, r.Version)
	}
	if _, err := time.Parse(time.DateOnly, r.Day); err != nil {
		t.Error(err)
	}
}
