//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"edgebench/runners"
)

const wasi = `(import "wasi_snapshot_preview1" `

// traps are bodies that trap, with a word of the reason.
var traps = []struct{ name, fields, body, says string }{
	{"unreachable", "", "(unreachable)", "unreachable"},
	{"load beyond the memory", "", "(i32.load (i32.const 0x7ffffff0))", "out of bounds memory access"},
	{"store at the end", "", "(block (result i32) (i32.store8 (i32.const 65536) (i32.const 1)) (i32.const 0))", "out of bounds memory access"},
	{"division by zero", "", "(i32.div_s (i32.const 1) (i32.sub (local.get $op) (local.get $op)))", "divide by zero"},
	{"not a number", "", "(i32.trunc_f64_s (f64.const nan))", "invalid conversion"},
	{"empty element", "(table 1 funcref) (type $f (func (result i32)))", "(call_indirect (type $f) (i32.const 0))", "uninitialized element"},
	{"exit", wasi + `"proc_exit" (func $exit (param i32)))`, "(block (result i32) (call $exit (i32.const 3)) (i32.const 0))", "exited with code: 3"},
}

// TestTraps repeats each trap on several threads at a time. The library takes
// over the handlers of SIGSEGV, SIGILL and SIGFPE, and Go must get its own
// faults all the same.
func TestTraps(t *testing.T) {
	in(t, compiling, func(t *testing.T, mode string) {
		rt := boot(t, mode, 0)
		for _, trap := range traps {
			t.Run(trap.name, func(t *testing.T) {
				l := load(t, rt, guest(t, trap.fields+memory, trap.body))
				onThreads(t, 4, func() error { return repeatTrap(t, l, 50, trap.says) })
				if !goCatchesItsOwn() {
					t.Error("a nil pointer of Go is no panic any more")
				}
			})
		}
	})
}

// TestStackOverflow does the same with guests that recurse for ever. It is
// rare, since the library walks over a stack of some 100,000 frames each time.
func TestStackOverflow(t *testing.T) {
	const recursion = `(func $down (param i32) (result i32) (i32.add (call $down (local.get 0)) (i32.const 1)))`
	in(t, compiling, func(t *testing.T, mode string) {
		l := load(t, boot(t, mode, 0), guest(t, memory+recursion, "(call $down (i32.const 1))"))
		onThreads(t, 2, func() error { return repeatTrap(t, l, 2, "call stack exhausted") })
	})
}

func repeatTrap(t *testing.T, l runners.Loaded, times int, says string) error {
	for range times {
		i, err := l.Instantiate(t.Context(), nil)
		if err != nil {
			return err
		}
		_, err = i.Call(t.Context(), nil, []byte("x"))
		if !errors.Is(err, runners.ErrTrap) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			return fmt.Errorf("%w; want ErrTrap and %q in one line", err, says)
		}
		if _, err := i.Call(t.Context(), nil, nil); !errors.Is(err, runners.ErrClosed) {
			return fmt.Errorf("a call after the trap: %w; want ErrClosed", err)
		}
		if err := i.Close(); err != nil {
			return err
		}
	}
	return nil
}

// onThreads runs f on so many threads at the same time.
func onThreads(t *testing.T, threads int, f func() error) {
	t.Helper()
	errs := make([]error, threads)
	var wg sync.WaitGroup
	for n := range errs {
		wg.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			errs[n] = f()
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}

func goCatchesItsOwn() (caught bool) {
	defer func() { caught = recover() != nil }()
	var p *struct{ n int }
	return p.n == 0
}

// TestInitialise checks a trap before there is an instance to call.
func TestInitialise(t *testing.T) {
	for name, fields := range map[string]string{
		"_initialize": `(func (export "_initialize") (unreachable))`,
		"start":       `(func $s (unreachable)) (start $s)`,
	} {
		l := load(t, boot(t, "cranelift", 0), guest(t, memory+fields, "(i32.const 0)"))
		if _, err := l.Instantiate(t.Context(), nil); !errors.Is(err, runners.ErrTrap) {
			t.Errorf("%s: %v; want ErrTrap", name, err)
		}
	}
}

// TestStandardInput reads file descriptor 0, through which the harness sends
// requests to this process.
func TestStandardInput(t *testing.T) {
	const ebadf = 8
	for name, c := range map[string]struct{ imports, body string }{
		"fd_read": {wasi + `"fd_read" (func $read (param i32 i32 i32 i32) (result i32)))`,
			"(call $read (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 64))"},
		"fd_pread": {wasi + `"fd_close" (func (param i32) (result i32)))` + wasi + `"fd_pread" (func $read (param i32 i32 i32 i64 i32) (result i32)))`,
			"(call $read (i32.const 0) (i32.const 0) (i32.const 0) (i64.const 0) (i32.const 64))"},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, []string{"cranelift", "singlepass", "cranelift-aot"}, func(t *testing.T, mode string) {
				i := instantiate(t, load(t, boot(t, mode, 0), guest(t, c.imports+memory, c.body)))
				if got := number(t, call(t, i, "x")); got != ebadf {
					t.Errorf("reading gives %d, want %d: the standard input is open", got, ebadf)
				}
			})
		})
	}
}

// TestStandardOutput prints in two instances, after one of which has closed
// its own output. Nothing may come out of this process.
func TestStandardOutput(t *testing.T) {
	a := guest(t, wasi+`"fd_write" (func $write (param i32 i32 i32 i32) (result i32)))`+
		wasi+`"fd_close" (func $close (param i32) (result i32)))`+memory+
		`(data (i32.const 0) "\10\00\00\00\05\00\00\00") (data (i32.const 16) "hello")`,
		`(if (result i32) (i32.eq (local.get $op) (i32.const 99))
			(then (call $close (i32.const 1)))
			(else (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64))))`)
	l := load(t, boot(t, "cranelift", 0), a)
	one, other := instantiate(t, l), instantiate(t, l)
	printed := captured(t, func() {
		for n, c := range []struct {
			i       runners.Instance
			request string
		}{{one, "w"}, {one, "c"}, {other, "w"}} {
			if got := number(t, call(t, c.i, c.request)); got != 0 {
				t.Errorf("step %d gives %d", n, got)
			}
		}
	})
	if printed != "" {
		t.Errorf("the guest has printed %q", printed)
	}
}

// captured gives what is written to file descriptor 1 meanwhile.
func captured(t *testing.T, f func()) string {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	saved, err := unix.Dup(1)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Dup2(int(w.Fd()), 1); err != nil {
		t.Fatal(err)
	}
	f()
	err = errors.Join(unix.Dup2(saved, 1), unix.Close(saved), w.Close())
	if err != nil {
		t.Fatal(err)
	}
	var b [100]byte
	n, _ := r.Read(b[:])
	return string(b[:n])
}
