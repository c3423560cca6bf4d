//go:build cgo

package wasmtime

// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/runners"
)

// What a linear memory reserves of the address space, in bytes: the library's
// defaults, on which its compiled code relies.
const (
	memoryReservation = 4 << 30
	memoryGuard       = 32 << 20
)

// The pool. A Go program's table has an element for each of its functions,
// which may be more than the library's default of 20,000.
const (
	mostSlots     = 16_000
	leastSlots    = 1_000
	spareSlots    = 6_000 // for further pools, beside one of mostSlots
	tableElements = 100_000
	slotReserves  = memoryReservation + memoryGuard + tableElements*8
	poolSlack     = 1 << 30 // bytes besides the slots
	keptResident  = 1 << 20 // of a closed slot's memory, and of its table
)

// allocator is where instances get their memory from.
type allocator int

const (
	// onDemand maps memory for each instance, with the library's reservations.
	onDemand allocator = iota
	// pooling takes a slot of a pool that Boot has reserved.
	pooling
	// dense allocates what the instance needs and reserves nothing beside it.
	dense
)

var errNoPointer = errors.New("wasmtime-go does not keep its C object where it did in version 44")

// roomMu keeps others out of the room that a Boot has found until its pool is
// there.
var roomMu sync.Mutex

// newEngine makes an engine with the library's default settings, apart from
// those that the mode is about. slots is the size of its pool, 0 where it has none.
func newEngine(m mode) (engine *wasmtime.Engine, slots int, err error) {
	config := wasmtime.NewConfig()
	defer config.Close() // does nothing once the engine has it
	c := (*C.wasm_config_t)(pointer(config))
	if c == nil {
		return nil, 0, errNoPointer
	}
	m.stop.configure(config)
	if m.target != "" {
		if err := config.SetTarget(m.target); err != nil {
			return nil, 0, fmt.Errorf("compile for %s: %w", m.target, err)
		}
	}
	switch m.allocator {
	case onDemand:
		return wasmtime.NewEngineWithConfig(config), 0, nil
	case dense:
		C.eb_dense(c)
		return wasmtime.NewEngineWithConfig(config), 0, nil
	}
	roomMu.Lock()
	defer roomMu.Unlock()
	n, err := poolSlots()
	if err != nil {
		return nil, 0, err
	}
	C.eb_pool(c, &C.eb_pool_size{
		slots: C.uint32_t(n), memory: memoryReservation, guard: memoryGuard, elements: tableElements, resident: C.uint64_t(m.resident),
	})
	return wasmtime.NewEngineWithConfig(config), int(n), nil
}

// poolSlots says for how many slots the address space has room now. If there is
// none at all, it may still be held by engines that are closed: wasmtime-go keeps
// the type of each function that it has called, and with it the engine, until
// the garbage collector's finalizers come to it.
func poolSlots() (uint32, error) {
	for pause := time.Millisecond; pause < time.Second; pause *= 2 {
		if hasRoom(poolSize(mostSlots), poolSize(spareSlots)) {
			return mostSlots, nil
		}
		if hasRoom(poolSize(leastSlots)) {
			return leastSlots, nil
		}
		runtime.GC()
		time.Sleep(pause)
	}
	return 0, fmt.Errorf("the address space has no room for a pool of %d instances of 4 GiB each: raise the limit (ulimit -v unlimited): %w", leastSlots, runners.ErrUnavailable)
}

// poolSlotsNow is poolSlots for one who makes no pool.
func poolSlotsNow() (uint32, error) {
	roomMu.Lock()
	defer roomMu.Unlock()
	return poolSlots()
}

// poolSize is what a pool reserves of the address space, in bytes.
func poolSize(slots uint64) uint64 { return slots*slotReserves + poolSlack }

// pointer gives the C object of a value of wasmtime-go, nil if it has none any
// more or keeps it elsewhere.
func pointer(object any) unsafe.Pointer {
	field := reflect.ValueOf(object).Elem().FieldByName("_ptr")
	if field.Kind() != reflect.Pointer {
		return nil
	}
	return field.UnsafePointer()
}
