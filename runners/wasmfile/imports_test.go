package wasmfile_test

import (
	"path/filepath"
	"slices"
	"testing"

	"edgebench/runners/source"
	"edgebench/runners/wasmfile"
)

func TestImports(t *testing.T) {
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]wasmfile.Import{
		"noop/c/noop.wasm": {},
		"hostcall/c/hostcall.wasm": {
			{From: "wasi_snapshot_preview1", Name: "clock_time_get"}, {From: "wasi_snapshot_preview1", Name: "random_get"},
		},
	} {
		m, err := wasmfile.Open(filepath.Join(root, "workloads", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range want {
			if !slices.Contains(m.Imports(), i) {
				t.Errorf("%s: %v does not have %v", name, m.Imports(), i)
			}
		}
		if len(want) == 0 && len(m.Imports()) > 0 {
			t.Errorf("%s imports %v", name, m.Imports())
		}
	}
}
