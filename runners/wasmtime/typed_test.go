//go:build cgo

package wasmtime

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	binding "github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/runners"
)

// typedText is a component whose functions return the length of what they are given.
const typedText = `(component
	(core module $module
		(memory (export "memory") 16)
		(func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
		(func (export "length") (param i32 i32) (result i32) local.get 1))
	(core instance $i (instantiate $module))
	(type $plain (record (field "id" u32) (field "cents" u32) (field "name" string)))
	(export $item "item" (type $plain))
	(func (export "text") (param "x" string) (result u32)
		(canon lift (core func $i "length") (memory $i "memory") (realloc (func $i "realloc"))))
	(func (export "bytes") (param "x" (list u8)) (result u32)
		(canon lift (core func $i "length") (memory $i "memory") (realloc (func $i "realloc"))))
	(func (export "numbers") (param "x" (list u32)) (result u32)
		(canon lift (core func $i "length") (memory $i "memory") (realloc (func $i "realloc"))))
	(func (export "records") (param "x" (list $item)) (result u32)
		(canon lift (core func $i "length") (memory $i "memory") (realloc (func $i "realloc")))))`

// shapes are the functions, with the bytes of an element.
var shapes = []struct {
	name string
	of   shape
	size int
}{{"text", text, 1}, {"bytes", octets, 1}, {"numbers", numbers, 4}, {"records", records, 16}}

func typed(tb testing.TB, name string) *typedFunction {
	code, err := binding.Wat2Wasm(typedText)
	if err != nil {
		tb.Fatal(err)
	}
	f, err := newTypedFunction(context.Background(), code, name)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(f.close)
	return f
}

func TestTypedCalls(t *testing.T) {
	for _, s := range shapes {
		f := typed(t, s.name)
		for _, n := range []int{0, 16, 160} {
			got, err := f.call(s.of, []byte(strings.Repeat("a", n)))
			if err != nil || int(got) != n/s.size {
				t.Errorf("%s of %d bytes has %d elements, %v; want %d", s.name, n, got, err, n/s.size)
			}
		}
		if other := shapes[0].of; s.of != other {
			if _, err := f.call(other, []byte("a")); err == nil {
				t.Errorf("%s takes a string", s.name)
			}
		}
	}
}

// BenchmarkTypedCall sets calls with typed arguments beside a call of a module with an
// address and a length (as=ptr-len). In all of them the guest does nothing.
func BenchmarkTypedCall(b *testing.B) {
	for _, n := range []int{16, 1024, 65536} {
		value := []byte(strings.Repeat("a", n))
		b.Run("as=ptr-len/bytes="+strconv.Itoa(n), func(b *testing.B) { benchmarkUntyped(b, value) })
		for _, s := range shapes {
			b.Run("as="+s.name+"/bytes="+strconv.Itoa(n), func(b *testing.B) {
				f := typed(b, s.name)
				for b.Loop() {
					if _, err := f.call(s.of, value); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func benchmarkUntyped(b *testing.B, value []byte) {
	rt, err := New().Boot(b.Context(), runners.Options{Mode: "aot"})
	if err != nil {
		b.Fatal(err)
	}
	defer rt.Close()
	noop := filepath.Join("..", "..", "workloads", "noop", "c", "noop.wasm")
	if _, err := os.Stat(noop); err != nil {
		b.Fatal(err)
	}
	p, err := rt.Prepare(b.Context(), runners.Artefact{Kind: runners.Wasm, Path: noop}, b.TempDir(), nil)
	if err != nil {
		b.Fatal(err)
	}
	l, err := rt.Load(b.Context(), p, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	in, err := l.Instantiate(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	for b.Loop() {
		if _, err := in.Call(b.Context(), nil, value); err != nil {
			b.Fatal(err)
		}
	}
}
