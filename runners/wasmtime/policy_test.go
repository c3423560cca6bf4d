//go:build cgo

package wasmtime_test

import (
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/wasmtime"
)

// TestTableLimit checks that a hardened guest cannot grow its table beyond 100,000 elements,
// which do not count as its memory, and that another can.
func TestTableLimit(t *testing.T) {
	for _, c := range []struct {
		mode     string
		hardened bool
		want     string
	}{{"aot", false, "done 2000"}, {"aot", true, "limited 99"}, {"aot-pooling-goapi", true, "limited 99"}} {
		o := runners.Options{Mode: c.mode, Scratch: t.TempDir(), Policy: &runners.Policy{Hardened: c.hardened}}
		rt, err := wasmtime.New().Boot(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { rt.Close() })
		in := instantiate(t, load(t, rt, committed(t, "isolation")))
		got, err := in.Call(t.Context(), nil, []byte("grow-table 2000"))
		if err != nil || strings.TrimSpace(string(got)) != c.want {
			t.Errorf("%s, hardened %v: %q (%v), want %q", c.mode, c.hardened, got, err, c.want)
		}
	}
}
