//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"edgebench/runners"
)

// TestFiles lets a guest that is no command read a file of its folder, and its
// stdin, which is the null device.
func TestFiles(t *testing.T) {
	files := t.TempDir()
	if err := os.WriteFile(filepath.Join(files, "greeting"), []byte("good day"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := guest(t, wasi+`"path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))`+
		wasi+`"fd_read" (func $read (param i32 i32 i32 i32) (result i32)))`+memory+
		`(data (i32.const 16) "\20\00\00\00\04\00\00\00") (data (i32.const 128) "greeting")
		(func $first4 (param $fd i32) (result i32)
			(drop (call $read (local.get $fd) (i32.const 16) (i32.const 1) (i32.const 64)))
			(i32.load (i32.const 32)))`,
		`(if (result i32) (i32.eq (local.get $op) (i32.const 105)) (then (call $first4 (i32.const 0))) (else
			(if (result i32) (call $open (i32.const 4) (i32.const 0) (i32.const 128) (i32.const 8) (i32.const 0)
				(i64.const 2) (i64.const 0) (i32.const 0) (i32.const 60))
				(then (i32.const 0))
				(else (call $first4 (i32.load (i32.const 60)))))))`)
	a.Files = files
	in(t, append(compiling, keeping...), func(t *testing.T, mode string) {
		l := load(t, boot(t, mode, 0), a)
		if got := call(t, instantiate(t, l), "file"); got != "good" {
			t.Errorf("the file begins with %q", got)
		}
		if got := number(t, call(t, instantiate(t, l), "in")); got != 0 {
			t.Errorf("stdin begins with %d", got)
		}
	})
}

// TestVectors checks that what a compiler without vectors says is passed on.
func TestVectors(t *testing.T) {
	a := guest(t, memory, "(i32x4.extract_lane 0 (v128.const i32x4 7 0 0 0))")
	in(t, append(compiling, keeping...), func(t *testing.T, mode string) {
		got, err := try(t, boot(t, mode, 0), a, "x")
		if strings.HasPrefix(mode, "cranelift") {
			if err != nil || got != "\x07\x00\x00\x00" {
				t.Errorf("got %q, %v", got, err)
			}
			return
		}
		if !errors.Is(err, runners.ErrUnavailable) || !strings.Contains(err.Error(), "does not have: Compilation error: not yet implemented: V128Const") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v; want ErrUnavailable with what the library says", err)
		}
	})
}

// TestNewSections checks that a section that makes the library abort does not
// reach it.
func TestNewSections(t *testing.T) {
	a := guest(t, memory, "(i32.const 0)")
	code, err := os.ReadFile(a.Path)
	if err != nil {
		t.Fatal(err)
	}
	a.Path = filepath.Join(t.TempDir(), "tags.wasm")
	tags := "\x0d\x03\x01\x00\x00" // one tag of type 0, at a place that only an engine with exceptions checks
	if err := os.WriteFile(a.Path, append(code, tags...), 0o600); err != nil {
		t.Fatal(err)
	}
	in(t, append(compiling, keeping...), func(t *testing.T, mode string) {
		_, err := try(t, boot(t, mode, 0), a, "")
		if !errors.Is(err, runners.ErrUnavailable) || !strings.Contains(err.Error(), "section 13 is newer") {
			t.Errorf("%v; want ErrUnavailable that names section 13", err)
		}
	})
}

// TestCommandAddresses lies to fd_read and fd_write about addresses.
func TestCommandAddresses(t *testing.T) {
	const head = wasi + `"fd_read" (func $read (param i32 i32 i32 i32) (result i32)))` +
		wasi + `"fd_write" (func $write (param i32 i32 i32 i32) (result i32)))` +
		wasi + `"proc_exit" (func $exit (param i32)))` +
		`(memory (export "memory") 1) (data (i32.const 16) "\40\00\00\00\05\00\00\00\f0\ff\00\00\20\00\00\00")`
	for name, c := range map[string]struct {
		call string
		want string // the exit code
	}{
		"vectors outside":    {"$read (i32.const 0) (i32.const 65532) (i32.const 1) (i32.const 0)", "21"},
		"vectors at the end": {"$write (i32.const 1) (i32.const -8) (i32.const 1) (i32.const 0)", "21"},
		"too many vectors":   {"$write (i32.const 2) (i32.const 16) (i32.const -1) (i32.const 0)", "21"},
		"piece outside":      {"$read (i32.const 0) (i32.const 24) (i32.const 1) (i32.const 0)", "21"},
		"count outside":      {"$read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 65533)", "21"},
		"stdin is written":   {"$write (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 0)", "8"},
		"stdout is read":     {"$read (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 0)", "8"},
	} {
		a := text(t, "(module "+head+`(func (export "_start") (call $exit (call `+c.call+`))))`)
		a.Interface = runners.Stdio
		_, err := try(t, boot(t, "cranelift", 0), a, "request")
		if !errors.Is(err, runners.ErrTrap) || !strings.Contains(err.Error(), "code "+c.want) {
			t.Errorf("%s: %v; want code %s", name, err, c.want)
		}
	}
}

// TestCommandsInSequence checks what a command leaves behind.
func TestCommandsInSequence(t *testing.T) {
	const n, most = 3000, 2 << 10 // commands, bytes for each
	a := text(t, "(module "+wasi+`"fd_read" (func $read (param i32 i32 i32 i32) (result i32)))`+
		wasi+`"fd_write" (func $write (param i32 i32 i32 i32) (result i32)))`+
		`(memory (export "memory") 1) (data (i32.const 16) "\40\00\00\00\05\00\00\00")
		(func (export "_start")
			(drop (call $read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 0)))
			(drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 0)))))`)
	a.Interface = runners.Stdio
	l := load(t, boot(t, "cranelift", 0), a)
	repeat := func(times int) {
		for range times {
			i := instantiateOnly(t, l)
			if got := call(t, i, "hello"); got != "hello" {
				t.Fatalf("got %q", got)
			}
			i.Close()
		}
	}
	repeat(1000)
	before := resident(t)
	repeat(n)
	if left := (resident(t) - before) / n; left > most {
		t.Errorf("a command leaves %d bytes behind, want at most %d", left, most)
	}
}

func instantiateOnly(t *testing.T, l runners.Loaded) runners.Instance {
	i, err := l.Instantiate(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return i
}
