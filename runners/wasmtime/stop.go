//go:build cgo

package wasmtime

// #include "shim.h"
import "C"

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/bytecodealliance/wasmtime-go/v44"
)

// stop is what stops a guest that does not end.
type stop C.enum_eb_stop

const (
	byNothing stop = C.EB_NOTHING
	byFuel    stop = C.EB_FUEL
	byEpoch   stop = C.EB_EPOCH
)

const (
	// tick is the period of an engine's epoch: a guest is stopped at the first
	// tick after its deadline.
	tick = 10 * time.Millisecond
	// forEver is more ticks than an engine lives, and does not overflow its epoch.
	forEver = math.MaxInt64
)

// fuel is the allowance of each call, in units of the library, which are roughly
// instructions: about a second of a loop. The longest request of a workload uses less
// than a quarter of it.
const fuel = 2_000_000_000

// configure makes an engine compile code that can be stopped.
func (s stop) configure(config *wasmtime.Config) {
	config.SetConsumeFuel(s == byFuel)
	config.SetEpochInterruption(s == byEpoch)
}

// settings are those of the environment's record.
func (s stop) settings() (epochs, fuelled string) {
	epochs, fuelled = "off", "off"
	switch s {
	case byFuel:
		fuelled = fmt.Sprintf("%d a call", uint64(fuel))
	case byEpoch:
		epochs = fmt.Sprintf("a tick each %v", tick)
	}
	return epochs, fuelled
}

// allowance is what a guest may use until it is stopped: fuel, or the ticks until
// the deadline of the context.
func (rt *machine) allowance(ctx context.Context) C.uint64_t {
	switch rt.mode.stop {
	case byFuel:
		return fuel
	case byEpoch:
		if deadline, ok := ctx.Deadline(); ok {
			return C.uint64_t(1 + max(time.Until(deadline), 0)/tick)
		}
		return forEver
	}
	return 0
}

// bounds are those of a new instance.
func (rt *machine) bounds(ctx context.Context) C.eb_bounds {
	return C.eb_bounds{memory: C.int64_t(rt.limit), elements: C.int64_t(rt.elements), stop: uint32(rt.mode.stop), allowance: rt.allowance(ctx)}
}

// clock advances the epoch of an engine.
type clock struct{ quit, ended chan struct{} }

func startClock(engine *wasmtime.Engine) *clock {
	c := &clock{make(chan struct{}), make(chan struct{})}
	go func() {
		defer close(c.ended)
		ticker := time.NewTicker(tick)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				engine.IncrementEpoch()
			case <-c.quit:
				return
			}
		}
	}()
	return c
}

// close ends the clock. There may be none.
func (c *clock) close() {
	if c != nil {
		close(c.quit)
		<-c.ended
	}
}
