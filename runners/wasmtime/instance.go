//go:build cgo

package wasmtime

// #cgo CFLAGS: -O2 -Wall -Wextra
// #cgo noescape eb_call
// #cgo nocallback eb_call
// #cgo noescape eb_read
// #cgo nocallback eb_read
// #cgo noescape eb_instantiate
// #cgo nocallback eb_instantiate
// #cgo nocallback eb_initialise
// #cgo nocallback eb_close
// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"unsafe"

	"github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/runners"
	"edgebench/runners/abi"
	_ "edgebench/runners/internal/capi" // its headers are compiled in
)

// loaded is a module that is checked and linked.
type loaded struct {
	machine *machine
	module  *wasmtime.Module
	engine  *C.wasm_engine_t // the machine's
	pre     *C.wasmtime_instance_pre_t
	found   C.uint32_t // by eb_inspect, of what is called
	iface   runners.Interface
	world   *world // nil where nothing of it is asked for
}

// imports says whether the module needs a WASI context.
func (l *loaded) imports() bool { return l.found&C.EB_IMPORTS != 0 }

// Close frees the linked module. Instances that still live keep its code.
func (l *loaded) Close() error {
	if l.pre != nil {
		C.wasmtime_instance_pre_delete(l.pre)
		l.pre = nil
		l.module.Close()
	}
	return nil
}

// Instantiate makes an instance in a store of its own and runs _initialize.
func (l *loaded) Instantiate(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	if l.pre == nil || l.machine.closed.Load() {
		return nil, fmt.Errorf("instantiate: %w", runners.ErrClosed)
	}
	if l.machine.mode.plain {
		return l.instantiatePlain(t)
	}
	in := &instance{machine: l.machine}
	bounds := l.machine.bounds(ctx)
	failure := C.eb_instantiate(l.engine, l.pre, l.found, &bounds, l.world.pointer(), &in.c)
	runtime.KeepAlive(l)
	if failure != nil {
		return nil, notInstantiated(take(failure))
	}
	t.Mark(runners.PhaseInstantiate)
	if l.machine.policy != nil {
		if err := in.grant(l.machine.policy); err != nil {
			in.Close()
			return nil, fmt.Errorf("instantiate: %w", err)
		}
	}
	if l.iface == runners.Stdio {
		return &command{program: in, world: l.world}, nil
	}
	if l.found&C.EB_INITIALISE == 0 {
		return in, nil
	}
	if failure := C.eb_initialise(in.c); failure != nil {
		in.Close()
		return nil, fmt.Errorf("%s: %w: %s", abi.Initialise, runners.ErrTrap, take(failure))
	}
	t.Mark(runners.PhaseInitialise)
	return in, nil
}

// instance is a live instance in C memory.
type instance struct {
	machine *machine
	c       *C.eb_instance // nil when closed
	trapped bool
}

// Revive implements runners.Revivable.
func (in *instance) Revive() { in.trapped = false }

// Call follows package abi.
func (in *instance) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if in.c == nil || in.trapped {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	var answer C.eb_answer
	room := dst[len(dst):cap(dst)]
	failure := C.eb_call(in.c, in.machine.allowance(ctx), bytes(request), C.uint32_t(len(request)), bytes(room), C.size_t(len(room)), &answer)
	if failure != nil {
		in.trapped = true
		return dst, fmt.Errorf("call: %w: %s", runners.ErrTrap, take(failure))
	}
	if answer.end == C.EB_COPIED {
		return dst[:len(dst)+int(uint32(answer.packed))], nil
	}
	return in.finish(dst, len(request), &answer)
}

// finish takes a response that did not fit into dst, or names the lie of one
// that lies outside the memory.
func (in *instance) finish(dst []byte, n int, answer *C.eb_answer) ([]byte, error) {
	if answer.end == C.EB_OUTSIDE {
		in.trapped = true
		return dst, abi.Fits(uint32(answer.at), n, uint64(answer.size))
	}
	ptr, length, err := abi.Unpack(uint64(answer.packed), uint64(answer.size))
	if err != nil {
		in.trapped = errors.Is(err, runners.ErrTrap)
		return dst, err
	}
	from := len(dst)
	dst = slices.Grow(dst, int(length))[:from+int(length)]
	C.eb_read(in.c, C.uint32_t(ptr), C.uint32_t(length), bytes(dst[from:]))
	return dst, nil
}

// bytes gives a slice's start to C.
func bytes(b []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.SliceData(b)) }

// Close frees the instance and its store.
func (in *instance) Close() error {
	if in.c != nil {
		C.eb_close(in.c)
		in.c = nil
	}
	return nil
}

// take frees a text of the shim and reduces it to one line.
func take(text *C.char) string {
	defer C.free(unsafe.Pointer(text))
	return oneLine(C.GoString(text))
}
