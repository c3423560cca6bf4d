package wazy_test

import (
	"os"
	"path/filepath"
	"testing"

	"edgebench/runners"
	"edgebench/runners/source"
	"edgebench/runners/wazy"
)

// A runtime that is told what it will load does not compile what is not there.
func TestAToldRuntimeCompilesNothing(t *testing.T) {
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	a := runners.Artefact{Path: filepath.Join(root, "workloads", "noop", "c", "noop.wasm"), Kind: runners.Wasm}
	p, err := boot(t, "").Prepare(t.Context(), a, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := boot(t, p.Path).Load(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := os.Remove(p.Path); err != nil {
		t.Fatal(err)
	}
	if l, err := boot(t, p.Path).Load(t.Context(), p, nil); err == nil {
		l.Close()
		t.Error("a runtime compiles what it should have found")
	}
	if _, err := os.Stat(p.Path); err == nil {
		t.Error("a runtime writes into the prepared folder")
	}
}

func boot(t *testing.T, prepared string) runners.Runtime {
	t.Helper()
	rt, err := wazy.New().Boot(t.Context(), runners.Options{Mode: "compiler", Scratch: t.TempDir(), Prepared: prepared})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
	})
	return rt
}
