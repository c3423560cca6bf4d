package build_test

import (
	"errors"
	"os"
	"testing"

	"edgebench/runners"
	"edgebench/runners/elf"
	"edgebench/workloads/build"
)

// Twins are made for the architecture that is asked for.
func TestTwin(t *testing.T) {
	if testing.Short() {
		t.Skip("building for another architecture takes long; run without -short")
	}
	root := suiteRoot(t)
	w, b := openAt(t, root, "rewrite"), build.NewBuilder(root, t.TempDir())
	for _, c := range []struct{ language, arch string }{{"go", "arm64"}, {"go", "riscv64"}, {"c", "amd64"}, {"c", "arm64"}} {
		path, err := b.Twin(t.Context(), w, c.language, c.arch, t.TempDir())
		if errors.Is(err, runners.ErrUnavailable) {
			t.Logf("%s for %s: %v", c.language, c.arch, err)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if arch, err := elf.Machine(path); err != nil || arch != c.arch {
			t.Errorf("%s for %s is for %s (%v)", c.language, c.arch, arch, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode()&0o100 == 0 {
			t.Errorf("%s for %s cannot be run (%v)", c.language, c.arch, err)
		}
	}
}

func TestTwinThatCannotBeBuilt(t *testing.T) {
	root := suiteRoot(t)
	w, b := openAt(t, root, "rewrite"), build.NewBuilder(root, t.TempDir())
	for _, c := range []struct{ language, arch string }{{"c", "riscv64"}, {"rust", "arm64"}} {
		if _, err := b.Twin(t.Context(), w, c.language, c.arch, t.TempDir()); !errors.Is(err, runners.ErrUnavailable) {
			t.Errorf("%s for %s: %v", c.language, c.arch, err)
		}
	}
}
