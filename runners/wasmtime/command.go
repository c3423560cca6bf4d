//go:build cgo

package wasmtime

// #include <stdlib.h>
// #include "shim.h"
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

// command is an instance of a module that answers once, and has not run yet.
type command struct {
	*instance
	output *C.eb_output // nil until it is called
	world  *world
}

// Call runs the command to its end.
func (in *command) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if in.c == nil || in.output != nil {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	in.output = C.eb_output_new(abi.MaxMessage)
	var status C.int
	failure := C.eb_run(in.c, in.machine.allowance(ctx), in.world.c, bytes(request), C.size_t(len(request)), in.output, &status)
	runtime.KeepAlive(in.world)
	trapped := ""
	if failure != nil {
		trapped = take(failure)
	}
	return answer(dst, in.output, trapped, uint32(status), in.world.right())
}

// Close frees the instance, its store and what it has written.
func (in *command) Close() error {
	if in.c == nil {
		return nil
	}
	if err := in.instance.Close(); err != nil {
		return err
	}
	if in.output != nil {
		C.eb_output_delete(in.output)
	}
	return nil
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

// plainCommand is a command as a user of wasmtime-go makes and calls it, but
// for its stdin and stdout, which wasmtime-go has in files alone.
type plainCommand struct {
	store  *wasmtime.Store
	start  *wasmtime.Func
	output *C.eb_output // nil until it is called
	world  *world
	closed bool
}

func (l *loaded) plainCommand(store *wasmtime.Store, made *wasmtime.Instance) runners.Instance {
	return &plainCommand{store: store, start: made.GetFunc(store, abi.Start), world: l.world}
}

// Call runs the command to its end.
func (in *plainCommand) Call(_ context.Context, dst, request []byte) ([]byte, error) {
	if in.closed || in.output != nil {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	in.output = C.eb_output_new(abi.MaxMessage)
	if err := in.equip(request); err != nil {
		return dst, err
	}
	_, err := in.start.Call(in.store)
	if err == nil {
		return answer(dst, in.output, "", 0, in.world.right())
	}
	if failed, ok := err.(*wasmtime.Error); ok {
		if status, exited := failed.ExitStatus(); exited {
			return answer(dst, in.output, "", uint32(status), in.world.right())
		}
	}
	return answer(dst, in.output, oneLine(err.Error()), 0, 0)
}

// equip gives the store the request and room for the response.
func (in *plainCommand) equip(request []byte) error {
	store := (*C.wasmtime_store_t)(pointer(in.store))
	if store == nil {
		return errNoPointer
	}
	failure := C.eb_equip(C.wasmtime_store_context(store), in.world.c, bytes(request), C.size_t(len(request)), in.output)
	runtime.KeepAlive(in.store)
	runtime.KeepAlive(in.world)
	if failure != nil {
		return fmt.Errorf("give the command its request: %s", take(failure))
	}
	return nil
}

// Close frees the instance and its store.
func (in *plainCommand) Close() error {
	if in.closed {
		return nil
	}
	in.closed = true
	in.store.Close()
	if in.output != nil {
		C.eb_output_delete(in.output)
	}
	return nil
}
