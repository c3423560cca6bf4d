//go:build cgo

package wasmtime

// #cgo noescape eb_component_call
// #cgo nocallback eb_component_call
// #cgo noescape eb_component_rest
// #cgo nocallback eb_component_rest
// #cgo noescape eb_component_run
// #cgo nocallback eb_component_run
// #cgo nocallback eb_component_instantiate
// #cgo nocallback eb_component_close
// #include <stdlib.h>
// #include "component.h"
import "C"

import (
	"context"
	"fmt"
	"runtime"
	"slices"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// maxTyped bounds a message of a component, in bytes. The library takes and gives a
// list as values of 32 bytes each, and makes a second copy of them.
const maxTyped = 8 << 20

// componentInstance is a live instance of a component in C memory.
type componentInstance struct {
	c       *C.eb_component // nil when closed
	trapped bool
}

// Call calls handle with a list<u8>.
func (in *componentInstance) Call(_ context.Context, dst, request []byte) ([]byte, error) {
	if in.c == nil || in.trapped {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if len(request) > maxTyped {
		return dst, fmt.Errorf("request of %d bytes, at most %d are sent to a component: %w", len(request), maxTyped, runners.ErrTooLarge)
	}
	room := dst[len(dst):cap(dst)]
	var n C.size_t
	failure := C.eb_component_call(in.c, bytes(request), C.size_t(len(request)), bytes(room), C.size_t(len(room)), &n)
	if failure != nil {
		in.trapped = true
		return dst, fmt.Errorf("call: %w: %s", runners.ErrTrap, take(failure))
	}
	from := len(dst)
	if int(n) <= len(room) {
		return dst[:from+int(n)], nil
	}
	if n > abi.MaxMessage {
		C.eb_component_rest(in.c, nil)
		return dst, fmt.Errorf("response of %d bytes, at most %d are taken: %w", n, abi.MaxMessage, runners.ErrTooLarge)
	}
	dst = slices.Grow(dst, int(n))[:from+int(n)]
	C.eb_component_rest(in.c, bytes(dst[from:]))
	return dst, nil
}

// Close frees the instance and its store.
func (in *componentInstance) Close() error {
	if in.c != nil {
		C.eb_component_close(in.c)
		in.c = nil
	}
	return nil
}

// componentCommand is an instance that answers once, and has not run yet.
type componentCommand struct {
	*componentInstance
	output *C.eb_output // nil until it is called
	world  *world
}

// Call runs the command to its end.
func (in *componentCommand) Call(_ context.Context, dst, request []byte) ([]byte, error) {
	if in.c == nil || in.output != nil {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	in.output = C.eb_output_new(abi.MaxMessage)
	var status C.int
	trapped := ""
	if failure := C.eb_component_run(in.c, in.world.c, bytes(request), C.size_t(len(request)), in.output, &status); failure != nil {
		trapped = take(failure)
	}
	runtime.KeepAlive(in.world)
	return answer(dst, in.output, trapped, uint32(status), in.world.right())
}

// Close frees the instance, its store and what it has written.
func (in *componentCommand) Close() error {
	if in.c == nil {
		return nil
	}
	if err := in.componentInstance.Close(); err != nil {
		return err
	}
	if in.output != nil {
		C.eb_output_delete(in.output)
	}
	return nil
}
