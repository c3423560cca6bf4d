package build_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/tetratelabs/wazero"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/workloads/build"
)

// compile compiles a module for as long as the test lives.
func compile(t *testing.T, config wazero.RuntimeConfig, b build.Built) (wazero.Runtime, wazero.CompiledModule) {
	t.Helper()
	code, err := os.ReadFile(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	runtime := wazero.NewRuntimeWithConfig(t.Context(), config)
	t.Cleanup(func() { runtime.Close(t.Context()) })
	compiled, err := runtime.CompileModule(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	return runtime, compiled
}

// The modules of Rust that are committed import nothing and begin with one page
// of memory, as those of C.
func TestRustModulesAreLean(t *testing.T) {
	list, builder := open(t)
	for _, w := range list {
		if !slices.Contains(w.Languages, "rust") || !w.Commits("rust") {
			continue
		}
		b := mustBuild(t, builder, w, "rust", runners.Wasm)
		_, compiled := compile(t, wazero.NewRuntimeConfigInterpreter(), b)
		if imports := compiled.ImportedFunctions(); len(imports) > 0 {
			t.Errorf("%s imports %d functions", w.Name, len(imports))
		}
		if pages := compiled.ExportedMemories()[abi.Memory].Min(); pages != 1 {
			t.Errorf("%s begins with %d pages of memory", w.Name, pages)
		}
	}
}

var locked = regexp.MustCompile(`\[\[package\]\]\nname = "([^"]+)"\nversion = "([^"]+)"\nsource = `)

// A manifest pins exactly the crates that cargo takes: those of the lock file.
func TestCratesArePinned(t *testing.T) {
	list, _ := open(t)
	for _, w := range list {
		lock, err := os.ReadFile(filepath.Join(suiteRoot(t), build.Folder, w.Name, "rust", "Cargo.lock"))
		if errors.Is(err, fs.ErrNotExist) {
			lock = nil
		} else if err != nil {
			t.Fatal(err)
		}
		var takes, pins []string
		for _, m := range locked.FindAllSubmatch(lock, -1) {
			takes = append(takes, string(m[1])+" "+string(m[2]))
		}
		for _, s := range w.Sources {
			if s.From == build.Crate {
				pins = append(pins, s.Package+" "+s.Version)
			}
		}
		slices.Sort(takes)
		slices.Sort(pins)
		if !slices.Equal(takes, pins) {
			t.Errorf("%s takes the crates %q, its manifest pins %q", w.Name, takes, pins)
		}
	}
}
