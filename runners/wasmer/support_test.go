//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	library "github.com/wasmerio/wasmer-go/wasmer"

	"edgebench/runners"
	"edgebench/runners/wasmer"
)

var (
	compiling = []string{"cranelift", "singlepass"}
	keeping   = []string{"cranelift-aot", "singlepass-aot"}
)

// in runs a test in each of some modes.
func in(t *testing.T, modes []string, test func(*testing.T, string)) {
	for _, m := range modes {
		t.Run(m, func(t *testing.T) { test(t, m) })
	}
}

func boot(tb testing.TB, mode string, memory uint64) runners.Runtime {
	rt, err := wasmer.New().Boot(tb.Context(), runners.Options{Mode: mode, Scratch: tb.TempDir(), Memory: memory})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { rt.Close() })
	return rt
}

func prepare(tb testing.TB, rt runners.Runtime, a runners.Artefact) runners.Prepared {
	p, err := rt.Prepare(tb.Context(), a, tb.TempDir(), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func load(tb testing.TB, rt runners.Runtime, a runners.Artefact) runners.Loaded {
	l, err := rt.Load(tb.Context(), prepare(tb, rt, a), nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { l.Close() })
	return l
}

func instantiate(tb testing.TB, l runners.Loaded) runners.Instance {
	i, err := l.Instantiate(tb.Context(), nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { i.Close() })
	return i
}

// try goes the whole way and gives the first error.
func try(t *testing.T, rt runners.Runtime, a runners.Artefact, request string) (string, error) {
	p, err := rt.Prepare(t.Context(), a, t.TempDir(), nil)
	if err != nil {
		return "", err
	}
	l, err := rt.Load(t.Context(), p, nil)
	if err != nil {
		return "", err
	}
	defer l.Close()
	i, err := l.Instantiate(t.Context(), nil)
	if err != nil {
		return "", err
	}
	defer i.Close()
	response, err := i.Call(t.Context(), nil, []byte(request))
	return string(response), err
}

// probe is the guest of the conformance suite.
func probe(tb testing.TB) runners.Artefact {
	code, err := os.ReadFile(filepath.Join("..", "..", "workloads", "probe", "c", "probe.wasm"))
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

// text assembles a module.
func text(tb testing.TB, source string) runners.Artefact {
	code, err := library.Wat2Wasm(source)
	if err != nil {
		tb.Fatal(err)
	}
	return artefact(tb, code)
}

// guest assembles a module of imports and other fields, whose handle has the
// given body: instructions that leave an i32, which becomes the response's
// four bytes. The request's first byte is in the local $op.
func guest(tb testing.TB, fields, body string) runners.Artefact {
	return text(tb, strings.NewReplacer("FIELDS", fields, "BODY", body).Replace(`(module FIELDS
		(func (export "alloc") (param i32) (result i32) (i32.const 1024))
		(func (export "handle") (param i32 i32) (result i64) (local $op i32)
			(local.set $op (i32.load8_u (local.get 0)))
			(i32.store (i32.const 512) BODY)
			(i64.const 0x20000000004)))`))
}

const memory = `(memory (export "memory") 1)`

// number reads such a response.
func number(t *testing.T, response string) int32 {
	t.Helper()
	if len(response) != 4 {
		t.Fatalf("the response is %q, want four bytes", response)
	}
	return int32(uint32(response[0]) | uint32(response[1])<<8 | uint32(response[2])<<16 | uint32(response[3])<<24)
}

func call(t *testing.T, i runners.Instance, request string) string {
	t.Helper()
	response, err := i.Call(t.Context(), nil, []byte(request))
	if err != nil {
		t.Fatal(err)
	}
	return string(response)
}
