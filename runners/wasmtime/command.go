//go:build cgo

package wasmtime

// #cgo noescape eb_run
// #cgo nocallback eb_run
// #cgo noescape eb_component_run
// #cgo nocallback eb_component_run
// #include <stdlib.h>
// #include "component.h"
import "C"

import (
	"context"
	"fmt"
	"runtime"
	"unsafe"

	"github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/interfaces"
)

// command is an instance of a program that answers once, and has not run yet.
type command struct {
	program program
	world   *world
	output  *C.eb_output // nil until it is called
	closed  bool
}

// program is an instance of a command: of a module, of a component, or as wasmtime-go has
// it.
type program interface {
	// run sends a request and runs the program to its end. It gives its exit code, or the
	// library's message if it trapped.
	run(ctx context.Context, w *world, request []byte, output *C.eb_output) (status uint32, trapped string, err error)
	// Close frees the instance and its store, which may write to the output until then.
	Close() error
}

// Call runs the command to its end.
func (in *command) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if in.closed || in.output != nil {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	in.output = C.eb_output_new(abi.MaxMessage)
	status, trapped, err := in.program.run(ctx, in.world, request, in.output)
	runtime.KeepAlive(in.world)
	if err != nil {
		return dst, err
	}
	return answer(dst, in.output, trapped, status, in.world.right())
}

// Close frees the instance, its store and what it has written.
func (in *command) Close() error {
	if in.closed {
		return nil
	}
	in.closed = true
	err := in.program.Close()
	if in.output != nil {
		C.eb_output_delete(in.output)
	}
	return err
}

func (in *instance) run(ctx context.Context, w *world, request []byte, output *C.eb_output) (uint32, string, error) {
	var status C.int
	failure := C.eb_run(in.c, in.machine.allowance(ctx), w.c, bytes(request), C.size_t(len(request)), output, &status)
	return ended(status, failure)
}

func (in *componentInstance) run(ctx context.Context, w *world, request []byte, output *C.eb_output) (uint32, string, error) {
	var status C.int
	failure := C.eb_component_run(in.c, in.machine.allowance(ctx), w.c, bytes(request), C.size_t(len(request)), output, &status)
	return ended(status, failure)
}

// ended says how a program of the C API has ended.
func ended(status C.int, failure *C.char) (uint32, string, error) {
	if failure != nil {
		return 0, take(failure), nil
	}
	return uint32(status), "", nil
}

// answer appends what a command has written, or says how it has ended that did
// not end with the right exit code: trapped is the library's message, "" if it ended
// by itself.
func answer(dst []byte, output *C.eb_output, trapped string, status, right uint32) ([]byte, error) {
	said := interfaces.FirstLine(unsafe.Slice((*byte)(unsafe.Pointer(&output.said)), output.said_size))
	switch {
	case bool(output.over):
		return dst, fmt.Errorf("%s: the response is longer than %d bytes: %w", abi.Start, abi.MaxMessage, runners.ErrTooLarge)
	case trapped != "":
		return dst, fmt.Errorf("%s: %w: %s", abi.Start, runners.ErrTrap, interfaces.WithOutput(trapped, said))
	}
	if err := abi.CheckExit(status, right, said); err != nil {
		return dst, fmt.Errorf("%s: %w", abi.Start, err)
	}
	return append(dst, unsafe.Slice((*byte)(output.data), output.size)...), nil
}

// plainCommand is a program as a user of wasmtime-go makes and calls it, but for its
// stdin and stdout, which wasmtime-go has in files alone.
type plainCommand struct {
	store *wasmtime.Store
	start *wasmtime.Func
}

func (l *loaded) plainCommand(store *wasmtime.Store, made *wasmtime.Instance) runners.Instance {
	return &command{program: plainCommand{store, made.GetFunc(store, abi.Start)}, world: l.world}
}

func (in plainCommand) run(_ context.Context, w *world, request []byte, output *C.eb_output) (uint32, string, error) {
	if err := in.equip(w, request, output); err != nil {
		return 0, "", err
	}
	_, err := in.start.Call(in.store)
	if err == nil {
		return 0, "", nil
	}
	if failed, ok := err.(*wasmtime.Error); ok {
		if status, exited := failed.ExitStatus(); exited {
			return uint32(status), "", nil
		}
	}
	return 0, oneLine(err.Error()), nil
}

// equip gives the store the request and room for the response.
func (in plainCommand) equip(w *world, request []byte, output *C.eb_output) error {
	store := (*C.wasmtime_store_t)(pointer(in.store))
	if store == nil {
		return errNoPointer
	}
	failure := C.eb_equip(C.wasmtime_store_context(store), w.c, bytes(request), C.size_t(len(request)), output)
	runtime.KeepAlive(in.store)
	if failure != nil {
		return fmt.Errorf("give the command its request: %s", take(failure))
	}
	return nil
}

func (in plainCommand) Close() error {
	in.store.Close()
	return nil
}
