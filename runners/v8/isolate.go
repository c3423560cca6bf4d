//go:build cgo && linux && amd64

package v8

// #include "shim.h"
import "C"

import (
	"fmt"
	"sync"

	"edgebench/runners"
)

// isolate is one with a context, in C++ memory.
type isolate struct{ c *C.eb_isolate }

func newIsolate() (*isolate, error) {
	if err := cage.enter(); err != nil {
		return nil, err
	}
	return &isolate{C.eb_isolate_new()}, nil
}

func (i *isolate) delete() {
	C.eb_isolate_delete(i.c)
	cage.leave()
}

// collect frees what nothing refers to any more.
func (i *isolate) collect() { C.eb_isolate_collect(i.c) }

// errFull is the error for an isolate for which V8 has no room.
var errFull = fmt.Errorf("the cage of V8's heaps is full: %w", runners.ErrFull)

// cage counts the isolates of this process. Their heaps share the 4 GiB that a
// compressed pointer reaches, and V8 ends the process when these are full.
var cage = counter{room: 4 << 30, reserve: 256 << 20, unchecked: 1000}

// counter refuses an isolate for which there may be no room.
type counter struct {
	mu   sync.Mutex
	live int
	// largest is the size of the largest heap that was measured, in bytes.
	largest uint64

	// room is what all heaps share, reserve what is kept free of it, both in
	// bytes. The first isolates are not checked.
	room, reserve uint64
	unchecked     int
}

// enter counts one more isolate, or refuses it.
func (c *counter) enter() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live >= c.unchecked && uint64(c.live+1)*c.largest > c.room-c.reserve {
		return fmt.Errorf("V8 has an instance limit of %d isolates here, whose heaps share %d GiB: %w", c.live, c.room>>30, errFull)
	}
	c.live++
	return nil
}

func (c *counter) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.live--
}

// measure notes the size of a heap where that may matter soon.
func (c *counter) measure(heap func() uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live >= c.unchecked {
		c.largest = max(c.largest, heap())
	}
}
