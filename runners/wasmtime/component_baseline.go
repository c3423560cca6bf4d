//go:build cgo

package wasmtime

// #cgo noescape baseline_component_new
// #cgo nocallback baseline_component_new
// #cgo noescape baseline_component_call
// #cgo nocallback baseline_component_call
// #include <stdlib.h>
// #include "component_baseline.h"
import "C"

import (
	"context"
	"os"
	"runtime"
	"time"
	"unsafe"

	"github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/results"
)

// componentBaseline is the baseline loop for components, in the library's C API alone,
// with an engine of the mode.
type componentBaseline struct {
	*baseline
	engine *wasmtime.Engine
	linker *C.wasmtime_component_linker_t
}

// prepare makes the engine and the linker, which are there before the clock starts on all
// rungs but boot.
func (b *componentBaseline) prepare() (err error) {
	if b.engine, _, err = newEngine(b.mode); err != nil {
		return err
	}
	if !C.baseline_component_linker(b.c(), &b.linker) {
		b.engine.Close()
		return errBaseline
	}
	return nil
}

func (b *componentBaseline) close() {
	C.wasmtime_component_linker_delete(b.linker)
	b.engine.Close()
}

// c is the engine as the C API takes it.
func (b *componentBaseline) c() *C.wasm_engine_t { return (*C.wasm_engine_t)(pointer(b.engine)) }

// baselineLoaded is a component with what is called of it.
type baselineLoaded struct {
	component *C.wasmtime_component_t
	handle    *C.wasmtime_component_export_index_t
}

func (l baselineLoaded) close() {
	C.wasmtime_component_export_index_delete(l.handle)
	C.wasmtime_component_delete(l.component)
}

// start takes the time of one start on the rung deploy, cold or boot, in an engine of its
// own.
func (b *componentBaseline) start() (took time.Duration, err error) {
	if b.loop.Rung != results.Boot {
		runtime.GC() // as before each cold start
	}
	if err := b.prepare(); err != nil {
		return 0, err
	}
	defer b.close()
	path, remove, err := b.stored("component.cwasm")
	if err != nil {
		return 0, err
	}
	defer remove()
	from := time.Now()
	l, err := b.load(path)
	if err != nil {
		return 0, err
	}
	defer l.close()
	var g C.baseline_component
	if !C.baseline_component_new(b.c(), b.linker, l.component, l.handle, &g) {
		return 0, errBaseline
	}
	defer C.baseline_component_free(&g)
	err = b.call(&g)
	took = time.Since(from)
	b.loop.Answer(b.response[:b.length])
	return took, err
}

// load compiles a component, or maps stored code, which it makes first on the rung deploy,
// and looks up its function.
func (b *componentBaseline) load(path string) (l baselineLoaded, err error) {
	if l.component, err = b.component(path); err != nil {
		return l, err
	}
	const handle = "handle"
	name := C.CString(handle)
	defer C.free(unsafe.Pointer(name))
	if l.handle = C.wasmtime_component_get_export_index(l.component, nil, name, C.size_t(len(handle))); l.handle == nil {
		C.wasmtime_component_delete(l.component)
		return l, errBaseline
	}
	return l, nil
}

func (b *componentBaseline) component(path string) (*C.wasmtime_component_t, error) {
	if b.loop.Rung != results.Deploy && b.mode.disk {
		return b.mapped(path)
	}
	component, err := b.compiled()
	if err != nil || !b.mode.disk {
		return component, err
	}
	defer C.wasmtime_component_delete(component)
	var code C.wasm_byte_vec_t
	if C.wasmtime_component_serialize(component, &code) != nil {
		return nil, errBaseline
	}
	defer C.wasm_byte_vec_delete(&code)
	if err := os.WriteFile(path, unsafe.Slice((*byte)(unsafe.Pointer(code.data)), code.size), 0o600); err != nil {
		return nil, err
	}
	return b.mapped(path)
}

func (b *componentBaseline) compiled() (component *C.wasmtime_component_t, err error) {
	code, err := os.ReadFile(b.loop.Prepared.Artefact.Path)
	if err != nil {
		return nil, err
	}
	if C.wasmtime_component_new(b.c(), (*C.uint8_t)(unsafe.SliceData(code)), C.size_t(len(code)), &component) != nil {
		return nil, errBaseline
	}
	return component, nil
}

func (b *componentBaseline) mapped(path string) (component *C.wasmtime_component_t, err error) {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	if C.wasmtime_component_deserialize_file(b.c(), name, &component) != nil {
		return nil, errBaseline
	}
	return component, nil
}

// instances runs the rungs pooled and hot.
func (b *componentBaseline) instances(ctx context.Context) ([]time.Duration, error) {
	if err := b.prepare(); err != nil {
		return nil, err
	}
	defer b.close()
	l, err := b.load(b.loop.Prepared.Path)
	if err != nil {
		return nil, err
	}
	defer l.close()
	fresh := func(g *C.baseline_component) error {
		if !C.baseline_component_new(b.c(), b.linker, l.component, l.handle, g) {
			return errBaseline
		}
		return nil
	}
	if b.loop.Rung == results.Pooled {
		return b.loop.Repeat(ctx, func() (took time.Duration, err error) {
			var g C.baseline_component
			from := time.Now()
			if err := fresh(&g); err != nil {
				return 0, err
			}
			err = b.call(&g)
			took = time.Since(from)
			C.baseline_component_free(&g)
			return took, err
		})
	}
	g := new(C.baseline_component)
	if err := fresh(g); err != nil {
		return nil, err
	}
	defer C.baseline_component_free(g)
	if err := b.call(g); err != nil {
		return nil, err
	}
	return b.loop.Repeat(ctx, func() (time.Duration, error) {
		from := time.Now()
		err := b.call(g)
		return time.Since(from), err
	})
}

func (b *componentBaseline) call(g *C.baseline_component) error {
	n := C.baseline_component_call(g, (*C.uint8_t)(unsafe.SliceData(b.loop.Request)), C.size_t(len(b.loop.Request)), (*C.uint8_t)(unsafe.SliceData(b.response)), C.size_t(len(b.response)))
	return b.took(n)
}
