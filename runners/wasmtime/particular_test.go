//go:build cgo

package wasmtime_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	library "github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/runners"
	"edgebench/runners/wasmtime"
)

// inEachMode runs a test in each mode for modules that this machine has.
func inEachMode(t *testing.T, test func(t *testing.T, mode string)) { inModes(t, runners.Wasm, test) }

// inAllModes also runs it in the modes for components. The test asks guestOf for its
// guest.
func inAllModes(t *testing.T, test func(t *testing.T, mode string)) {
	inModes(t, runners.Wasm, test)
	inModes(t, runners.Component, test)
}

// inModes runs a test in each mode that takes a kind of artefact.
func inModes(t *testing.T, kind runners.Kind, test func(t *testing.T, mode string)) {
	info, err := wasmtime.New().Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range info.Modes {
		if !slices.Contains(m.Takes, kind) {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			if m.Unavailable != "" {
				t.Skip(m.Unavailable)
			}
			test(t, m.Name)
		})
	}
}

func boot(tb testing.TB, mode string, memory uint64) runners.Runtime {
	rt, err := wasmtime.New().Boot(tb.Context(), runners.Options{Mode: mode, Scratch: tb.TempDir(), Memory: memory})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { rt.Close() })
	return rt
}

// probe is the guest of the conformance suite.
func probe(tb testing.TB) runners.Artefact { return committed(tb, "probe") }

// noop is the workload that does nothing.
func noop(tb testing.TB) runners.Artefact { return committed(tb, "noop") }

// guestOf is the guest of the conformance suite as a mode takes it.
func guestOf(tb testing.TB, mode string) runners.Artefact {
	if !strings.HasPrefix(mode, "component") {
		return probe(tb)
	}
	a := committed(tb, "probe-component")
	a.Kind = runners.Component
	return a
}

// committed is the module in C of a workload, or its component.
func committed(tb testing.TB, name string) runners.Artefact {
	workload := strings.TrimSuffix(name, "-component")
	code, err := os.ReadFile(filepath.Join("..", "..", "workloads", workload, "c", name+".wasm"))
	if err != nil {
		tb.Fatal(err)
	}
	return artefact(tb, code)
}

func artefact(tb testing.TB, code []byte) runners.Artefact {
	path := filepath.Join(tb.TempDir(), "guest.wasm")
	if err := os.WriteFile(path, code, 0o600); err != nil {
		tb.Fatal(err)
	}
	return runners.Artefact{Kind: runners.Wasm, Path: path, Size: uint64(len(code))}
}

// text makes a guest of WebAssembly's text format.
func text(tb testing.TB, wat string) runners.Artefact {
	code, err := library.Wat2Wasm(wat)
	if err != nil {
		tb.Fatal(err)
	}
	return artefact(tb, code)
}

// loadErr goes as far as Load.
func loadErr(tb testing.TB, rt runners.Runtime, a runners.Artefact) (runners.Loaded, error) {
	p, err := rt.Prepare(tb.Context(), a, tb.TempDir(), nil)
	if err != nil {
		return nil, err
	}
	l, err := rt.Load(tb.Context(), p, nil)
	if err == nil {
		tb.Cleanup(func() { l.Close() })
	}
	return l, err
}

func load(tb testing.TB, rt runners.Runtime, a runners.Artefact) runners.Loaded {
	l, err := loadErr(tb, rt, a)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

func instantiate(tb testing.TB, l runners.Loaded) runners.Instance {
	in, err := l.Instantiate(tb.Context(), nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { in.Close() })
	return in
}

func want(tb testing.TB, in runners.Instance, request, response string) {
	tb.Helper()
	got, err := in.Call(tb.Context(), nil, []byte(request))
	if err != nil || string(got) != response {
		tb.Fatalf("Call(%.20q) = %.40q, %v; want %.40q", request, got, err, response)
	}
}

// TestSeal changes prepared files in every way but that of a forger.
func TestSeal(t *testing.T) {
	flip := func(b []byte) []byte { b[len(b)/2] ^= 0xff; return b }
	cases := map[string]func(b []byte) []byte{
		"truncated":   func(b []byte) []byte { return b[:len(b)/2] },
		"empty":       func(b []byte) []byte { return nil },
		"longer":      func(b []byte) []byte { return append(b, 0) },
		"flipped":     flip,
		"written":     func(b []byte) []byte { return b },
		"flipped end": func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
	}
	rt := boot(t, "aot", 0)
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			p := prepare(t, rt)
			b, err := os.ReadFile(p.Path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(p.Path, change(b), 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, rt, p)
		})
	}
	t.Run("other hash", func(t *testing.T) {
		p := prepare(t, rt)
		p.SHA256 = strings.Repeat("0", len(p.SHA256))
		refused(t, rt, p)
		p.SHA256 = ""
		refused(t, rt, p)
	})
	t.Run("intact", func(t *testing.T) {
		p := prepare(t, rt)
		l, err := rt.Load(t.Context(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
	})
}

func prepare(t *testing.T, rt runners.Runtime) runners.Prepared {
	p, err := rt.Prepare(t.Context(), probe(t), t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func refused(t *testing.T, rt runners.Runtime, p runners.Prepared) {
	t.Helper()
	if l, err := rt.Load(t.Context(), p, nil); err == nil {
		l.Close()
		t.Error("Load accepts a changed file")
	} else if !errors.Is(err, runners.ErrMalformed) {
		t.Errorf("Load: %v; want ErrMalformed", err)
	}
}

// TestInterface feeds modules whose exports or imports would be misused by
// calls that check no types.
func TestInterface(t *testing.T) {
	const memory = `(memory (export "memory") 1)`
	const alloc = `(func (export "alloc") (param i32) (result i32) i32.const 0)`
	const handle = `(func (export "handle") (param i32 i32) (result i64) i64.const 0)`
	cases := map[string]struct{ wat, says string }{
		"no memory":     {alloc + handle, "export memory"},
		"64-bit memory": {`(memory (export "memory") i64 1)` + alloc + handle, "memory with addresses of 64 bits (memory64)"},
		"memory is not": {`(global (export "memory") i32 i32.const 0)` + alloc + handle, "export memory"},
		"no alloc":      {memory + handle, "export alloc"},
		"alloc of i64":  {memory + `(func (export "alloc") (param i64) (result i32) i32.const 0)` + handle, "export alloc"},
		"handle of one": {memory + alloc + `(func (export "handle") (param i32) (result i64) i64.const 0)`, "export handle"},
		"handle is not": {memory + alloc + `(global (export "handle") i32 i32.const 0)`, "export handle"},
		"odd start":     {memory + alloc + handle + `(func (export "_initialize") (param i32))`, "export _initialize"},
		"odd import":    {`(import "env" "printf" (func (param i32)))` + memory + alloc + handle, "needs env.printf"},
		"odd WASI":      {`(import "wasi_snapshot_preview1" "fd_write" (func))` + memory + alloc + handle, "fd_write"},
	}
	inEachMode(t, func(t *testing.T, mode string) {
		rt := boot(t, mode, 0)
		for name, c := range cases {
			_, err := loadErr(t, rt, text(t, "(module "+c.wat+")"))
			kind := runners.ErrMalformed // what is well-formed is merely not to be had
			if strings.HasPrefix(c.says, "needs") || strings.HasSuffix(c.says, "(memory64)") {
				kind = runners.ErrUnavailable
			}
			if !errors.Is(err, kind) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v; want %v that says %q in one line", name, err, kind, c.says)
			}
		}
	})
}

// TestClosed checks that nothing is done with what has been closed.
func TestClosed(t *testing.T) {
	inAllModes(t, func(t *testing.T, mode string) {
		rt := boot(t, mode, 0)
		a := guestOf(t, mode)
		p, err := rt.Prepare(t.Context(), a, t.TempDir(), nil)
		if err != nil {
			t.Fatal(err)
		}
		l := load(t, rt, a)
		in := instantiate(t, l)
		for range 2 {
			l.Close()
			rt.Close()
		}
		want(t, in, "C", "1") // an instance keeps what it needs
		_, errInstantiate := l.Instantiate(t.Context(), nil)
		_, errLoad := rt.Load(t.Context(), p, nil)
		_, errPrepare := rt.Prepare(t.Context(), a, t.TempDir(), nil)
		for _, err := range []error{errInstantiate, errLoad, errPrepare} {
			if !errors.Is(err, runners.ErrClosed) {
				t.Errorf("after Close: %v; want ErrClosed", err)
			}
		}
	})
}

// TestTrace checks which phases each mode tells apart.
func TestTrace(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		prepared := []string{"read", "compile", "store"}
		loaded := []string{"load", "instantiate", "initialise"}
		if mode == "jit" {
			prepared, loaded = nil, append([]string{"read", "compile"}, loaded...)
		}
		rt := boot(t, mode, 0)
		trace := runners.NewTrace()
		trace.Begin()
		p, err := rt.Prepare(t.Context(), text(t, guest), t.TempDir(), trace)
		if err != nil {
			t.Fatal(err)
		}
		phases(t, trace, prepared)
		trace.Begin()
		l, err := rt.Load(t.Context(), p, trace)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		in, err := l.Instantiate(t.Context(), trace)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		phases(t, trace, loaded)
	})
}

func phases(t *testing.T, trace *runners.Trace, want []string) {
	t.Helper()
	i := 0
	trace.Phases(func(phase string, _ time.Duration) {
		if i >= len(want) || phase != want[i] {
			t.Errorf("phase %d is %s; want the phases %v", i, phase, want)
		}
		i++
	})
	if i != len(want) {
		t.Errorf("%d phases; want %v", i, want)
	}
}
