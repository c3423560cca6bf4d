//go:build cgo

package wasmtime_test

import (
	"errors"
	"strings"
	"testing"

	"edgebench/runners"
)

// guest answers a request whose first byte is '0', '1'… with what is done in
// that branch.
const guest = `(module
	(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
	(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
	(memory (export "memory") 1 3)
	(data (i32.const 16) "\20\00\00\00\05\00\00\00")
	(data (i32.const 32) "hello")
	(global $ready (mut i32) (i32.const 0))
	(func $deep (call $deep))
	(func (export "_initialize") (global.set $ready (i32.const 1)))
	(func (export "alloc") (param i32) (result i32)
		(if (i32.eq (local.get 0) (i32.const 7)) (then (return (i32.const -4))))
		i32.const 1024)
	(func (export "handle") (param i32 i32) (result i64)
		(if (i32.eqz (local.get 1)) (then (return (i64.const 0))))
		(block $stack (block $outside (block $exits (block $unreachable (block $grow (block $ready (block $print
		(br_table $print $ready $grow $unreachable $exits $outside $stack
			(i32.sub (i32.load8_u (i32.const 1024)) (i32.const 48))))
		;; 0: what a write of "hello" to standard output gives
		(i32.store8 (i32.const 0) (i32.add (i32.const 48)
			(call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8))))
		(return (i64.const 1)))
		;; 1: whether _initialize has run
		(i32.store8 (i32.const 0) (i32.add (i32.const 48) (global.get $ready)))
		(return (i64.const 1)))
		;; 2: the last byte of a new page
		(if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (return (i64.const 0))))
		(i32.store8 (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1)) (i32.const 71))
		(return (i64.or (i64.const 1) (i64.shl
			(i64.extend_i32_u (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1)))
			(i64.const 32)))))
		(unreachable))
		(call $exit (i32.const 3)))
		(drop (i32.load (i32.const -4))))
		(call $deep)
		i64.const 0))`

// TestGuest covers WASI, growth within a call, and each way in which a guest
// ends itself, with what is said about it.
func TestGuest(t *testing.T) {
	traps := map[string]string{
		"3":       "unreachable",
		"4":       "exit status 3",
		"5":       "out of bounds",
		"6":       "call stack exhausted",
		"7 bytes": "outside its memory",
	}
	inEachMode(t, func(t *testing.T, mode string) {
		l := load(t, boot(t, mode, 0), text(t, guest))
		in := instantiate(t, l)
		want(t, in, "", "")
		want(t, in, "0", "0")
		want(t, in, "1", "1")
		want(t, in, "2", "G")
		want(t, in, "2", "G")
		want(t, in, "2", "")
		for request, says := range traps {
			in := instantiate(t, l)
			_, err := in.Call(t.Context(), nil, []byte(request))
			if !errors.Is(err, runners.ErrTrap) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("Call(%q): %v; want ErrTrap that says %q in one line", request, err, says)
			}
			if _, err := in.Call(t.Context(), nil, nil); !errors.Is(err, runners.ErrClosed) {
				t.Errorf("Call after a trap: %v; want ErrClosed", err)
			}
		}
		want(t, in, "1", "1")
	})
}

// TestMemoryLimit checks a limit below the module's own maximum, and one below
// what it begins with.
func TestMemoryLimit(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		in := instantiate(t, load(t, boot(t, mode, 2<<16), text(t, guest)))
		want(t, in, "2", "G")
		want(t, in, "2", "")
		l := load(t, boot(t, mode, 1<<15), text(t, guest))
		if in, err := l.Instantiate(t.Context(), nil); err == nil {
			in.Close()
			t.Error("Instantiate gives 64 KiB of memory beyond a limit of 32 KiB")
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("Instantiate: %q is not one line", err)
		}
	})
}

// TestTrapAtStart checks that an _initialize that traps leaves no instance.
func TestTrapAtStart(t *testing.T) {
	trapping := strings.Replace(guest, "(global.set $ready (i32.const 1))", "unreachable", 1)
	inEachMode(t, func(t *testing.T, mode string) {
		l := load(t, boot(t, mode, 0), text(t, trapping))
		for range 3 {
			if _, err := l.Instantiate(t.Context(), nil); !errors.Is(err, runners.ErrTrap) {
				t.Fatalf("Instantiate: %v; want ErrTrap", err)
			}
		}
	})
}
