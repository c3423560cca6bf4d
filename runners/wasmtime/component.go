//go:build cgo

package wasmtime

// #cgo nocallback eb_component_new
// #cgo noescape eb_component_new
// #include <stdlib.h>
// #include "component.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"unsafe"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/codefile"
	"edgebench/runners/wasmfile"
)

// componentMachine is an engine with a linker for components.
type componentMachine struct {
	*machine // without a linker for modules
	linker   *C.wasmtime_component_linker_t
}

// bootComponents makes the linker with WASI preview 2.
func bootComponents(rt *machine) (runners.Runtime, error) {
	m := &componentMachine{machine: rt}
	engine := m.c()
	if engine == nil {
		rt.Close()
		return nil, errNoPointer
	}
	if failure := C.eb_component_linker(engine, &m.linker); failure != nil {
		m.Close()
		return nil, fmt.Errorf("boot wasmtime: define WASI: %s", take(failure))
	}
	return m, nil
}

// c is the engine as the C API takes it.
func (rt *componentMachine) c() *C.wasm_engine_t { return (*C.wasm_engine_t)(pointer(rt.engine)) }

// Close frees the linker and the engine. Instances that still live keep what they
// need.
func (rt *componentMachine) Close() error {
	if rt.linker != nil && !rt.closed.Load() {
		C.wasmtime_component_linker_delete(rt.linker)
	}
	return rt.machine.Close()
}

// Prepare is that of machine, for a component.
func (rt *componentMachine) Prepare(_ context.Context, a runners.Artefact, dir string, t *runners.Trace) (runners.Prepared, error) {
	p := runners.Prepared{Artefact: a, Mode: rt.mode.name, Path: a.Path, SHA256: a.SHA256, Shipped: a.Size, Stored: a.Size}
	if rt.closed.Load() {
		return p, fmt.Errorf("prepare: %w", runners.ErrClosed)
	}
	if a.Use.ExitCode > 1 {
		return p, fmt.Errorf("a component ends with success or failure (0 or 1), so that the exit code %d is never its own: %w", a.Use.ExitCode, runners.ErrUnavailable)
	}
	code, err := abi.ReadComponent(a.Path)
	if err != nil {
		return p, err
	}
	if err := wasmfile.CheckComponent(code, a.Interface); err != nil || !rt.mode.disk {
		return p, err
	}
	t.Mark(runners.PhaseRead)
	component, err := rt.compile(code)
	if err != nil {
		return p, err
	}
	defer C.wasmtime_component_delete(component)
	t.Mark(runners.PhaseCompile)
	var native C.wasm_byte_vec_t
	if failure := C.eb_component_serialize(component, &native); failure != nil {
		return p, fmt.Errorf("serialise the component: %s", take(failure))
	}
	defer C.wasm_byte_vec_delete(&native)
	p.Path, p.Stored = filepath.Join(dir, "component.cwasm"), uint64(native.size)
	if p.SHA256, err = codefile.Write(p.Path, unsafe.Slice((*byte)(unsafe.Pointer(native.data)), native.size)); err != nil {
		return p, err
	}
	t.Mark(runners.PhaseStore)
	return p, nil
}

// compile makes machine code.
func (rt *componentMachine) compile(code []byte) (component *C.wasmtime_component_t, err error) {
	failure := C.eb_component_new(rt.c(), bytes(code), C.size_t(len(code)), &component)
	runtime.KeepAlive(rt.engine)
	if failure != nil {
		return nil, wasmfile.Refused("wasmtime", take(failure))
	}
	return component, nil
}

// Load compiles or maps a prepared component, and looks up what is called of it.
func (rt *componentMachine) Load(_ context.Context, p runners.Prepared, t *runners.Trace) (runners.Loaded, error) {
	if rt.closed.Load() {
		return nil, fmt.Errorf("load: %w", runners.ErrClosed)
	}
	if p.Mode != rt.mode.name {
		return nil, fmt.Errorf("artefact was prepared by mode %q, this is %q", p.Mode, rt.mode.name)
	}
	component, err := rt.component(p, t)
	if err != nil {
		return nil, err
	}
	command := p.Artefact.Interface == runners.Stdio
	called := C.eb_component_find(rt.c(), component, C.bool(command))
	if called == nil {
		C.wasmtime_component_delete(component)
		if command {
			return nil, abi.MissingComponentExport(abi.Run)
		}
		return nil, abi.MissingComponentExport(abi.HandlerType)
	}
	l := &loadedComponent{machine: rt, command: command}
	wasi := C.eb_component_imports(rt.c(), component)
	if wasi || C.bool(command) {
		l.world = newWorld(p.Artefact)
	}
	l.parts = C.eb_component_parts{
		engine: rt.c(), linker: rt.linker, component: component, called: called, world: l.world.pointer(), wasi: wasi,
	}
	t.Mark(runners.PhaseLoad)
	return l, nil
}

// component brings the machine code into memory.
func (rt *componentMachine) component(p runners.Prepared, t *runners.Trace) (component *C.wasmtime_component_t, err error) {
	if rt.mode.disk {
		if err := codefile.Unchanged(p); err != nil {
			return nil, err
		}
		path := C.CString(p.Path)
		defer C.free(unsafe.Pointer(path))
		failure := C.eb_component_map(rt.c(), path, &component)
		runtime.KeepAlive(rt.engine)
		if failure != nil {
			return nil, fmt.Errorf("load %s: %w: %s", p.Path, runners.ErrMalformed, take(failure))
		}
		return component, nil
	}
	code, err := abi.ReadComponent(p.Path)
	if err != nil {
		return nil, err
	}
	t.Mark(runners.PhaseRead)
	if component, err = rt.compile(code); err != nil {
		return nil, err
	}
	t.Mark(runners.PhaseCompile)
	return component, nil
}

// loadedComponent is a component that is checked.
type loadedComponent struct {
	machine *componentMachine
	parts   C.eb_component_parts
	command bool
	world   *world // nil where nothing of it is asked for
}

// Close frees the component. Instances that still live keep its code.
func (l *loadedComponent) Close() error {
	if l.parts.component != nil {
		C.wasmtime_component_export_index_delete((*C.wasmtime_component_export_index_t)(l.parts.called))
		C.wasmtime_component_delete((*C.wasmtime_component_t)(l.parts.component))
		l.parts.component = nil
	}
	return nil
}

// Instantiate makes an instance in a store of its own. The library runs what a
// component does at its start.
func (l *loadedComponent) Instantiate(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	if l.parts.component == nil || l.machine.closed.Load() {
		return nil, fmt.Errorf("instantiate: %w", runners.ErrClosed)
	}
	in := &componentInstance{machine: l.machine.machine}
	var granted *C.wasi_config_t
	if policy := in.machine.policy; policy != nil {
		var err error
		if granted, err = grantOf(policy); err != nil {
			return nil, fmt.Errorf("instantiate: %w", err)
		}
	}
	bounds := in.machine.bounds(ctx)
	failure := C.eb_component_instantiate(&l.parts, &bounds, granted, &in.c)
	runtime.KeepAlive(l)
	if failure != nil {
		return nil, errors.New("instantiate: " + take(failure))
	}
	t.Mark(runners.PhaseInstantiate)
	if l.command {
		return &command{program: in, world: l.world}, nil
	}
	return in, nil
}
