//go:build cgo && linux && amd64

package v8

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/runners"
)

// TestHiddenCache loads the same bytes over and over. V8 keeps their code as long
// as a Loaded is open, and no longer. It compares processor time, and the least of
// some.
func TestHiddenCache(t *testing.T) {
	rt := boot(t, "isolate-turbofan")
	var first, open, closed []time.Duration
	for i := range byte(4) {
		p := busted(t, rt, i)
		kept, took := load(t, rt, p)
		first = append(first, took)
		other, took := load(t, rt, p)
		open = append(open, took)
		if err := kept.Close(); err != nil {
			t.Fatal(err)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		last, took := load(t, rt, p)
		closed = append(closed, took)
		if err := last.Close(); err != nil {
			t.Fatal(err)
		}
	}
	alone, beside, after := slices.Min(first), slices.Min(open), slices.Min(closed)
	if beside*3 > alone {
		t.Errorf("Load beside an open one takes %v, and %v alone: where is V8's cache?", beside, alone)
	}
	if after*3 < alone*2 {
		t.Errorf("Load after a closed one takes %v, and %v alone: the code was kept", after, alone)
	}
}

func boot(t *testing.T, mode string) runners.Runtime {
	rt, err := New().Boot(t.Context(), runners.Options{Mode: mode})
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

// busted prepares a module that differs from others in a custom section.
func busted(t *testing.T, rt runners.Runtime, n byte) runners.Prepared {
	code, err := os.ReadFile("../../workloads/rewrite/c/rewrite.wasm")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "rewrite.wasm")
	if err := os.WriteFile(path, append(code, 0, 3, 1, 'n', n), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := rt.Prepare(t.Context(), runners.Artefact{Path: path}, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// load gives the processor time that it took, in all threads.
func load(t *testing.T, rt runners.Runtime, p runners.Prepared) (runners.Loaded, time.Duration) {
	from := processorTime(t)
	l, err := rt.Load(t.Context(), p, nil)
	took := processorTime(t) - from
	if err != nil {
		t.Fatal(err)
	}
	return l, took
}

func processorTime(t *testing.T) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
