//go:build cgo

package wasmtime_test

import (
	"errors"
	"strings"
	"testing"

	library "github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/runners"
)

// handler is a component around a core function `handle`, with the types that a test
// wants.
func handler(tb testing.TB, parameter, result string) runners.Artefact {
	code, err := library.Wat2Wasm(`(component
		(core module $module
			(memory (export "memory") 1)
			(func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
			(func (export "handle") (param i32 i32) (result i32) i32.const 0))
		(core instance $i (instantiate $module))
		(func (export "handle") ` + parameter + ` ` + result + `
			(canon lift (core func $i "handle") (memory $i "memory") (realloc (func $i "realloc")))))`)
	if err != nil {
		tb.Fatal(err)
	}
	a := artefact(tb, code)
	a.Kind = runners.Component
	return a
}

// TestComponentTypes refuses a handle of other types than a call's when it is loaded.
func TestComponentTypes(t *testing.T) {
	const octets = `(param "request" (list u8))`
	for what, c := range map[string]struct{ parameter, result string }{
		"right":              {octets, `(result (list u8))`},
		"text":               {`(param "request" string)`, `(result (list u8))`},
		"numbers":            {`(param "request" (list u32))`, `(result (list u8))`},
		"two":                {`(param "a" u32) (param "b" u32)`, `(result (list u8))`},
		"a number as result": {octets, `(result u32)`},
		"text as result":     {octets, `(result string)`},
	} {
		a := handler(t, c.parameter, c.result)
		for _, mode := range []string{"component-jit", "component-aot"} {
			_, err := loadErr(t, boot(t, mode, 0), a)
			if what == "right" && err != nil {
				t.Errorf("%s: %s: %v", mode, what, err)
			}
			if what != "right" && (!errors.Is(err, runners.ErrMalformed) || !strings.Contains(err.Error(), "export handle: func(")) {
				t.Errorf("%s: %s: %v; want ErrMalformed that names the export", mode, what, err)
			}
		}
	}
}

// TestComponentMessages checks the bounds of messages, and a response that does not
// fit into the caller's buffer.
func TestComponentMessages(t *testing.T) {
	in := instantiate(t, load(t, boot(t, "component-aot", 0), guestOf(t, "component-aot")))
	big := strings.Repeat("0123456789", 10_000)
	got, err := in.Call(t.Context(), make([]byte, 0, len(big)), []byte("E"+big))
	if err != nil || string(got) != big {
		t.Errorf("a response that fits has %d bytes, %v", len(got), err)
	}
	want(t, in, "E"+big, big)
	if _, err := in.Call(t.Context(), nil, make([]byte, 9<<20)); !errors.Is(err, runners.ErrTooLarge) {
		t.Errorf("a request of 9 MiB: %v; want ErrTooLarge", err)
	}
	want(t, in, "C", "1")
}

// TestKinds gives each mode what only others take.
func TestKinds(t *testing.T) {
	for mode, a := range map[string]runners.Artefact{"aot": guestOf(t, "component-aot"), "component-aot": probe(t), "component-jit": probe(t)} {
		if _, err := loadErr(t, boot(t, mode, 0), a); !errors.Is(err, runners.ErrUnavailable) {
			t.Errorf("%s takes an artefact of kind %s: %v", mode, a.Kind, err)
		}
	}
}
