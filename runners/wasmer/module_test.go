//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"edgebench/runners"
	"edgebench/runners/protocol"
	"edgebench/runners/runnertest"
)

// TestCheck asks an agent, since a test's binary does not know its modules.
func TestCheck(t *testing.T) {
	info := checkOfAgent(t)
	if want := "wasmer-go v1.0.4 (libwasmer 2.0.0)"; info.Version != want || info.Released != "2021-08-12" {
		t.Errorf("the version is %q of %q, want %q of 2021-08-12", info.Version, info.Released, want)
	}
	var names []string
	for _, m := range info.Modes {
		names = append(names, m.Name)
		if m.Unavailable != "" || m.Default != (m.Name == "cranelift") || len(m.Rungs) != 5 {
			t.Errorf("mode %s: unavailable %q, default %v, rungs %v", m.Name, m.Unavailable, m.Default, m.Rungs)
		}
	}
	want := append(slices.Clone(compiling), keeping...)
	if want = append(want, "cranelift-aot-metering", "cranelift-aot-goapi"); !slices.Equal(names, want) {
		t.Errorf("the modes are %v, want %v", names, want)
	}
}

func checkOfAgent(t *testing.T) runners.Info {
	a := runnertest.StartAgent(t, "wasmer")
	reply, err := a.Ask(t.Context(), protocol.Request{Check: &protocol.Check{}})
	if err != nil {
		t.Fatal(err)
	}
	return *reply.Info
}

// TestPhases checks what is marked on the way of the deploy rung.
func TestPhases(t *testing.T) {
	compiled := []string{"read", "compile", "instantiate", "initialise"}
	kept := []string{"read", "compile", "store", "read", "load", "instantiate", "initialise"}
	a := guest(t, memory+`(func (export "_initialize"))`, "(i32.const 7)")
	in(t, append(slices.Clone(compiling), keeping...), func(t *testing.T, mode string) {
		rt, trace := boot(t, mode, 0), runners.NewTrace()
		trace.Begin()
		p, err := rt.Prepare(t.Context(), a, t.TempDir(), trace)
		if err != nil {
			t.Fatal(err)
		}
		l, err := rt.Load(t.Context(), p, trace)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		i, err := l.Instantiate(t.Context(), trace)
		if err != nil {
			t.Fatal(err)
		}
		defer i.Close()
		var got []string
		trace.Phases(func(phase string, _ time.Duration) { got = append(got, phase) })
		want := compiled
		if slices.Contains(keeping, mode) {
			want = kept
		}
		if !slices.Equal(got, want) {
			t.Errorf("the phases are %v, want %v", got, want)
		}
	})
}

// TestStoredCodeIsChecked changes what Prepare has stored. The library would
// run it, or read past its end.
func TestStoredCodeIsChecked(t *testing.T) {
	in(t, keeping, func(t *testing.T, mode string) {
		rt := boot(t, mode, 0)
		for name, change := range map[string]func([]byte) []byte{
			"truncated": func(b []byte) []byte { return b[:len(b)/2] },
			"empty":     func([]byte) []byte { return nil },
			"a bit":     func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
			"longer":    func(b []byte) []byte { return append(b, 0) },
		} {
			p := prepare(t, rt, probe(t))
			code, err := os.ReadFile(p.Path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(p.Path, change(code), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := rt.Load(t.Context(), p, nil); !errors.Is(err, runners.ErrMalformed) {
				t.Errorf("%s: %v; want ErrMalformed", name, err)
			}
		}
		p := prepare(t, rt, probe(t))
		p.SHA256 = ""
		if _, err := rt.Load(t.Context(), p, nil); !errors.Is(err, runners.ErrMalformed) {
			t.Errorf("without a hash: %v; want ErrMalformed", err)
		}
	})
}

// TestModulesThatDoNotFit feeds well-formed modules that are not as package
// abi has them.
func TestModulesThatDoNotFit(t *testing.T) {
	const (
		alloc  = `(func (export "alloc") (param i32) (result i32) (i32.const 0))`
		handle = `(func (export "handle") (param i32 i32) (result i64) (i64.const 0))`
	)
	for name, c := range map[string]struct {
		fields, says string
	}{
		"no memory":             {alloc + handle, "memory"},
		"memory is a function":  {alloc + handle + `(func (export "memory"))`, "memory"},
		"no alloc":              {memory + handle, "alloc"},
		"alloc takes an i64":    {memory + handle + `(func (export "alloc") (param i64) (result i32) (i32.const 0))`, "alloc"},
		"handle gives an i32":   {memory + alloc + `(func (export "handle") (param i32 i32) (result i32) (i32.const 0))`, "handle"},
		"handle is a global":    {memory + alloc + `(global (export "handle") i32 (i32.const 0))`, "handle"},
		"_initialize takes one": {memory + alloc + handle + `(func (export "_initialize") (param i32))`, "_initialize"},
		"a function of env":     {`(import "env" "f" (func))` + memory + alloc + handle, "needs env.f"},
		"a memory":              {`(import "wasi_snapshot_preview1" "m" (memory 1))` + alloc + handle, "needs wasi_snapshot_preview1.m"},
		"a global of WASI":      {`(import "wasi_snapshot_preview1" "g" (global i32))` + memory + alloc + handle, "needs wasi_snapshot_preview1.g"},
		"an older WASI":         {`(import "wasi_unstable" "fd_close" (func (param i32) (result i32)))` + memory + alloc + handle, "needs wasi_unstable.fd_close"},
		"fd_read five times":    {strings.Repeat(`(import "wasi_snapshot_preview1" "fd_read" (func (param i32 i32 i32 i32) (result i32)))`, 5) + memory + alloc + handle, "needs wasi_snapshot_preview1.fd_read"},
		"sock_accept":           {`(import "wasi_snapshot_preview1" "sock_accept" (func (param i32 i32 i32) (result i32)))` + memory + alloc + handle, "needs wasi_snapshot_preview1.sock_accept"},
	} {
		t.Run(name, func(t *testing.T) {
			a := text(t, "(module "+c.fields+")")
			in(t, []string{"cranelift", "cranelift-aot"}, func(t *testing.T, mode string) {
				_, err := try(t, boot(t, mode, 0), a, "")
				kind := runners.ErrMalformed // what is well-formed is merely not to be had
				if strings.HasPrefix(c.says, "needs") {
					kind = runners.ErrUnavailable
				}
				if !errors.Is(err, kind) || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%v; want %v and %q", err, kind, c.says)
				}
			})
		})
	}
}

// TestImportNobodyHas checks imports of WASI that are found out by linking.
func TestImportNobodyHas(t *testing.T) {
	for name, fields := range map[string]string{
		"unknown":    `(import "wasi_snapshot_preview1" "no_such" (func))`,
		"other type": `(import "wasi_snapshot_preview1" "fd_read" (func (param i64)))`,
	} {
		_, err := try(t, boot(t, "cranelift", 0), guest(t, fields+memory, "(i32.const 0)"), "x")
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; want an error of one line", name, err)
		}
	}
}

// TestClosedFromWithout closes what an instance was made from before it.
func TestClosedFromWithout(t *testing.T) {
	in(t, []string{"cranelift", "singlepass-aot"}, func(t *testing.T, mode string) {
		rt := boot(t, mode, 0)
		l := load(t, rt, probe(t))
		i := instantiate(t, l)
		if err := errors.Join(l.Close(), rt.Close()); err != nil {
			t.Fatal(err)
		}
		if got := call(t, i, "Estill here"); got != "still here" {
			t.Errorf("got %q", got)
		}
		if _, err := l.Instantiate(t.Context(), nil); !errors.Is(err, runners.ErrClosed) {
			t.Errorf("Instantiate of what is closed: %v; want ErrClosed", err)
		}
	})
}
