//go:build cgo

package wasmtime

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"sync/atomic"

	"github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/codefile"
	"edgebench/runners/wasmfile"
)

// noLimit is what the library takes for "no limit".
const noLimit = -1

// machine is an engine with its linker for modules.
type machine struct {
	mode   mode
	policy *runners.Policy // nil for none
	engine *wasmtime.Engine
	linker *wasmtime.Linker // nil in modes that take components
	slots  int              // of the pool, 0 where there is none
	limit  int64            // of a linear memory, in bytes
	// elements is the limit of a table.
	elements int64
	clock    *clock // nil where no epoch advances
	closed   atomic.Bool
}

// Bound is the size of the pool.
func (rt *machine) Bound() int { return rt.slots }

// Prepare compiles and keeps the machine code in dir. In jit there is nothing
// to keep but the module itself, of which it only looks whether it fits.
func (rt *machine) Prepare(ctx context.Context, a runners.Artefact, dir string, t *runners.Trace) (runners.Prepared, error) {
	p := runners.Prepared{Artefact: a, Mode: rt.mode.name, Path: a.Path, SHA256: a.SHA256, Shipped: a.Size, Stored: a.Size}
	if rt.closed.Load() {
		return p, fmt.Errorf("prepare: %w", runners.ErrClosed)
	}
	code, err := wasmfile.ReadFor(a.Path, a.Interface)
	if err != nil {
		return p, err
	}
	if err := wasmfile.Check(code, a.Interface); err != nil || !rt.mode.disk {
		return p, err
	}
	t.Mark(runners.PhaseRead)
	module, err := rt.compile(code)
	if err != nil {
		return p, err
	}
	defer module.Close()
	t.Mark(runners.PhaseCompile)
	native, err := module.Serialize()
	if err != nil {
		return p, fmt.Errorf("serialise the module: %s", oneLine(err.Error()))
	}
	p.Path, p.Stored = filepath.Join(dir, "module.cwasm"), uint64(len(native))
	if p.SHA256, err = codefile.Write(p.Path, native); err != nil {
		return p, err
	}
	t.Mark(runners.PhaseStore)
	return p, nil
}

// Load compiles or maps a prepared module, checks and links it.
func (rt *machine) Load(ctx context.Context, p runners.Prepared, t *runners.Trace) (runners.Loaded, error) {
	if rt.closed.Load() {
		return nil, fmt.Errorf("load: %w", runners.ErrClosed)
	}
	if p.Mode != rt.mode.name {
		return nil, fmt.Errorf("artefact was prepared by mode %q, this is %q", p.Mode, rt.mode.name)
	}
	module, err := rt.module(p, t)
	if err != nil {
		return nil, err
	}
	l, err := rt.link(module, p.Artefact)
	if err != nil {
		module.Close()
		return nil, err
	}
	t.Mark(runners.PhaseLoad)
	return l, nil
}

// module brings the machine code into memory.
func (rt *machine) module(p runners.Prepared, t *runners.Trace) (*wasmtime.Module, error) {
	if rt.mode.disk {
		if err := codefile.Unchanged(p); err != nil {
			return nil, err
		}
		module, err := wasmtime.NewModuleDeserializeFile(rt.engine, p.Path)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w: %s", p.Path, runners.ErrMalformed, oneLine(err.Error()))
		}
		return module, nil
	}
	code, err := wasmfile.ReadFor(p.Path, p.Artefact.Interface)
	if err != nil {
		return nil, err
	}
	t.Mark(runners.PhaseRead)
	module, err := rt.compile(code)
	if err != nil {
		return nil, err
	}
	t.Mark(runners.PhaseCompile)
	return module, nil
}

// compile makes machine code.
func (rt *machine) compile(code []byte) (*wasmtime.Module, error) {
	module, err := wasmtime.NewModule(rt.engine, code)
	if err != nil {
		return nil, wasmfile.LeftOut(wasmfile.Refused("wasmtime", oneLine(err.Error())), code, rt.mode.features())
	}
	return module, nil
}

// link checks what the unchecked calls rely upon, and resolves the imports.
func (rt *machine) link(module *wasmtime.Module, a runners.Artefact) (*loaded, error) {
	l := &loaded{
		machine: rt,
		module:  module,
		engine:  (*C.wasm_engine_t)(pointer(rt.engine)),
		iface:   a.Interface,
	}
	linker := (*C.wasmtime_linker_t)(pointer(rt.linker))
	m := (*C.wasmtime_module_t)(pointer(module))
	if l.engine == nil || linker == nil || m == nil {
		return nil, errNoPointer
	}
	var err error
	if l.found, err = called(C.eb_inspect(m), a.Interface); err != nil {
		return nil, err
	}
	if l.imports() || l.iface == runners.Stdio || rt.mode.plain {
		l.world = newWorld(a)
	}
	failure := C.eb_link(linker, m, &l.pre)
	runtime.KeepAlive(rt)
	runtime.KeepAlive(module)
	if failure != nil {
		return nil, fmt.Errorf("link the module: %w: %s", runners.ErrMalformed, take(failure))
	}
	return l, nil
}

// called reduces what a module has to what is called of it, and names the
// export that is missing.
func called(found C.uint32_t, iface runners.Interface) (C.uint32_t, error) {
	if iface == runners.Stdio {
		if found&C.EB_START == 0 {
			return 0, abi.MissingExport(abi.Start)
		}
		return found & (C.EB_START | C.EB_IMPORTS), nil
	}
	exports := []struct {
		bit  C.uint32_t
		name string
	}{{C.EB_MEMORY, abi.Memory}, {C.EB_ALLOC, abi.Alloc}, {C.EB_HANDLE, abi.Handle}}
	for _, e := range exports {
		if found&e.bit == 0 {
			return 0, abi.MissingExport(e.name)
		}
	}
	if found&C.EB_ODD_START != 0 {
		return 0, abi.MissingExport(abi.Initialise)
	}
	return found &^ C.EB_START, nil
}

// Close frees the engine. Instances that still live keep what they need.
func (rt *machine) Close() error {
	if !rt.closed.Swap(true) {
		rt.clock.close()
		if rt.linker != nil {
			rt.linker.Close()
		}
		rt.engine.Close()
	}
	return nil
}
