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

// cage counts the isolates of this process, beyond whose limits V8 ends the
// process: their heaps share the 4 GiB that a compressed pointer reaches, and each
// needs a segment of 64 KiB in a table of 128 MiB (tommie/v8go#83).
var cage = counter{most: 2046, room: 4<<30 - 16<<20, unchecked: 1000}

// counter refuses an isolate for which there may be no room.
type counter struct {
	mu   sync.Mutex
	live int
	// largest is how much the largest heap that was measured takes, in bytes.
	largest uint64

	// most is the number of isolates that there can be, room what their heaps
	// share, in bytes. Heaps of the first isolates are not measured.
	most      int
	room      uint64
	unchecked int
}

// enter counts one more isolate, or refuses it.
func (c *counter) enter() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live >= c.most || uint64(c.live+1)*c.largest > c.room {
		return fmt.Errorf("one process has an instance limit of %d isolates of this size: %w", c.live, runners.ErrFull)
	}
	c.live++
	return nil
}

func (c *counter) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.live--
}

// chunk is what a heap grows by, in bytes.
const chunk = 256 << 10

// measure notes what a heap takes where that may matter soon. One chunk of a heap
// is not in its size: the other half of the young generation.
func (c *counter) measure(heap func() uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live >= c.unchecked {
		c.largest = max(c.largest, (heap()+chunk-1)/chunk*chunk+chunk)
	}
}
