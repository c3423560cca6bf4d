//go:build cgo

package wasmtime

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"strconv"

	"github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/results"
	"edgebench/runners"
)

const library = "github.com/bytecodealliance/wasmtime-go/v44"

// release is that of the version in go.mod, by the module proxy's time.
var release = runners.Release{Version: "v44.0.0", Day: "2026-04-20"}

// mode is one way of running wasmtime.
type mode struct {
	name      string
	disk      bool // compiled code is kept on disk
	allocator allocator
	resident  uint64 // what stays of a slot that is closed, in bytes
	stop      stop
	plain     bool   // wasmtime-go's own calls alone
	component bool   // takes components
	target    string // that it compiles for, "" for the machine
}

// interpreter is the target whose code wasmtime interprets.
const interpreter = "pulley64"

// modes lists all modes in the order in which they are shown.
func modes() []mode {
	return []mode{
		{name: "jit"},
		{name: "aot", disk: true},
		{name: "aot-pooling", disk: true, allocator: pooling, resident: keptResident},
		{name: "aot-pooling-decommit", disk: true, allocator: pooling},
		{name: "aot-pooling-goapi", disk: true, allocator: pooling, resident: keptResident, plain: true},
		{name: "aot-dense", disk: true, allocator: dense},
		{name: "aot-epochs", disk: true, stop: byEpoch},
		{name: "aot-fuel", disk: true, stop: byFuel},
		{name: "pulley", disk: true, target: interpreter},
		{name: "component-jit", component: true},
		{name: "component-aot", disk: true, component: true},
		{name: "component-aot-pooling", disk: true, allocator: pooling, resident: keptResident, component: true},
	}
}

func find(name string) (mode, error) {
	for _, m := range modes() {
		if m.name == name {
			return m, nil
		}
	}
	return mode{}, fmt.Errorf("wasmtime has no mode %q: %w", name, runners.ErrUnavailable)
}

// New returns the runner.
func New() runners.Runner { return runner{} }

type runner struct{}

// Check reports the library's version and all modes. The library is an archive
// inside the module wasmtime-go, so the module's version is the library's, unless a user
// links another.
func (runner) Check(context.Context) (runners.Info, error) {
	info := runners.Info{Version: version()}
	info.Released = release.Of(info.Version)
	for _, m := range modes() {
		described := runners.Mode{
			Name:          m.name,
			Rungs:         results.Rungs(),
			Default:       m.name == "jit",
			Interruptible: m.stop != byNothing,
			Confines:      true,
			Features:      m.features(),
			Settings:      m.settings(),
			Takes:         m.takes(),
		}
		if m.allocator == pooling {
			slots, err := poolSlotsNow()
			if err != nil {
				described.Unavailable = err.Error()
			}
			described.Settings["pool_slots"] = strconv.FormatUint(uint64(slots), 10)
			described.Settings["pool_table_elements"] = strconv.Itoa(tableElements)
			described.Settings["pool_keep_resident_bytes"] = strconv.FormatUint(m.resident, 10)
		}
		info.Modes = append(info.Modes, described)
	}
	return info, nil
}

// takes are the kinds of artefact of the mode.
func (m mode) takes() []runners.Kind {
	if m.component {
		return []runners.Kind{runners.Component}
	}
	return []runners.Kind{runners.Wasm}
}

func (m mode) settings() map[string]string {
	s := map[string]string{
		"compiler":                 "cranelift",
		"opt_level":                "speed",
		"parallel_compilation":     "on, " + strconv.Itoa(runtime.NumCPU()) + " cores",
		"memory_init":              "copy-on-write",
		"memory_reservation_bytes": strconv.FormatUint(memoryReservation, 10),
		"memory_guard_bytes":       strconv.FormatUint(memoryGuard, 10),
		"allocator":                "on demand",
		"instantiate":              "InstancePre",
		"call":                     "wasmtime_func_call_unchecked",
	}
	s["epochs"], s["fuel"] = m.stop.settings()
	switch m.allocator {
	case pooling:
		s["allocator"] = "pooling"
	case dense:
		s["memory_init"], s["memory_reservation_bytes"], s["memory_guard_bytes"] = "copied", "0", "0"
	}
	if m.target != "" {
		s["compiler"] = "cranelift, to code of the interpreter Pulley (" + m.target + ")"
	}
	switch {
	case m.plain:
		s["instantiate"], s["call"] = "Linker.Instantiate", "Func.Call"
	case m.component:
		s["instantiate"], s["call"] = "wasmtime_component_linker_instantiate", "wasmtime_component_func_call"
	}
	return s
}

// Sweep has nothing to do: nothing of this runner outlives its process.
func (runner) Sweep(context.Context, string) error { return nil }

// Boot makes the engine, the pool where the mode has one, and the linker.
func (runner) Boot(ctx context.Context, o runners.Options) (runners.Runtime, error) {
	m, err := find(o.Mode)
	if err != nil {
		return nil, err
	}
	if o.Policy.IsHardened() && m.stop == byNothing && !m.plain {
		m.stop = byEpoch
	}
	rt := &machine{mode: m, policy: o.Policy, limit: noLimit, elements: noLimit}
	if o.Memory > 0 {
		rt.limit = int64(min(o.Memory, math.MaxInt64))
	}
	if o.Policy.IsHardened() {
		rt.elements = tableElements
	}
	if rt.engine, rt.slots, err = newEngine(m); err != nil {
		return nil, fmt.Errorf("boot wasmtime: %w", err)
	}
	if m.stop == byEpoch {
		rt.clock = startClock(rt.engine)
	}
	if m.component {
		return bootComponents(rt)
	}
	rt.linker = wasmtime.NewLinker(rt.engine)
	if err := rt.linker.DefineWasi(); err != nil {
		rt.Close()
		return nil, fmt.Errorf("boot wasmtime: define WASI: %s", oneLine(err.Error()))
	}
	return rt, nil
}
