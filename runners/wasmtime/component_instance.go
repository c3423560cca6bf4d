//go:build cgo

package wasmtime

// #cgo noescape eb_component_call
// #cgo nocallback eb_component_call
// #cgo noescape eb_component_rest
// #cgo nocallback eb_component_rest
// #cgo nocallback eb_component_instantiate
// #cgo nocallback eb_component_close
// #include <stdlib.h>
// #include "component.h"
import "C"

import (
	"context"
	"fmt"
	"slices"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// maxTyped bounds a message of a component, in bytes. The library takes and gives a
// list as values of 32 bytes each, and makes a second copy of them.
const maxTyped = 8 << 20

// componentInstance is a live instance of a component in C memory.
type componentInstance struct {
	machine *machine
	c       *C.eb_component // nil when closed
	trapped bool
}

// Call calls handle with a list<u8>.
func (in *componentInstance) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if in.c == nil || in.trapped {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if len(request) > maxTyped {
		return dst, fmt.Errorf("request of %d bytes, at most %d are sent to a component: %w", len(request), maxTyped, runners.ErrTooLarge)
	}
	room := dst[len(dst):cap(dst)]
	var n C.size_t
	failure := C.eb_component_call(in.c, in.machine.allowance(ctx), bytes(request), C.size_t(len(request)), bytes(room), C.size_t(len(room)), &n)
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
