//go:build cgo

package wasmtime

// #cgo noescape baseline_new
// #cgo nocallback baseline_new
// #cgo noescape baseline_call
// #cgo nocallback baseline_call
// #include "baseline.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
	"unsafe"

	"github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/results"
	"edgebench/runners"
)

// errBaseline is the only error of the C functions of the baseline loop.
var errBaseline = errors.New("the baseline loop fails")

// baselineRoom bounds a response of the baseline loop, in bytes.
const baselineRoom = 64 << 10

// Baseline runs all rungs. Modules come from wasmtime-go's own calls, instances
// and calls from the library's C API, as in all modes except aot-pooling-goapi.
// Components come from the C API alone. It makes the engine and its pool as the adapter
// does; it shares no timed code with the adapter. It allows no guest anything, so it has
// no loop for guests that can be stopped.
func (runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	m, err := find(l.Options.Mode)
	if err != nil {
		return out, err
	}
	b := &baseline{mode: m, loop: l, response: make([]byte, baselineRoom)}
	loops := baselineLoops{b.start, b.instances}
	if m.component {
		c := &componentBaseline{baseline: b}
		loops = baselineLoops{c.start, c.instances}
	}
	switch {
	case m.plain || m.stop != byNothing:
		err = runners.ErrUnavailable
	case l.Rung == results.Deploy || l.Rung == results.Cold || l.Rung == results.Boot:
		out.Times, err = l.Repeat(ctx, loops.start)
	case l.Rung == results.Pooled || l.Rung == results.Hot:
		out.Times, err = loops.instances(ctx)
	default:
		err = runners.ErrUnavailable
	}
	if err == runners.ErrUnavailable {
		return out, fmt.Errorf("no baseline loop for %s on the rung %s: %w", m.name, l.Rung, err)
	}
	out.Response = b.response[:b.length]
	return out, err
}

// baselineLoops are those of one kind of artefact: one start, and repeated instances.
type baselineLoops struct {
	start     func() (time.Duration, error)
	instances func(context.Context) ([]time.Duration, error)
}

// baseline is the state that the iterations share.
type baseline struct {
	mode     mode
	loop     runners.Loop
	response []byte
	length   int
}

// baselineEngine is an engine with what resolves imports.
type baselineEngine struct {
	*wasmtime.Engine
	linker *wasmtime.Linker
}

func newBaselineEngine(m mode) (e baselineEngine, err error) {
	if e.Engine, _, err = newEngine(m); err != nil {
		return e, err
	}
	e.linker = wasmtime.NewLinker(e.Engine)
	return e, e.linker.DefineWasi()
}

func (e baselineEngine) close() {
	e.linker.Close()
	e.Close()
}

// c is the engine as the C API takes it.
func (e baselineEngine) c() *C.wasm_engine_t { return (*C.wasm_engine_t)(pointer(e.Engine)) }

// link resolves the imports of a module, for any number of instances.
func (e baselineEngine) link(module *wasmtime.Module) (pre *C.wasmtime_instance_pre_t, err error) {
	if !C.baseline_link((*C.wasmtime_linker_t)(pointer(e.linker)), (*C.wasmtime_module_t)(pointer(module)), &pre) {
		return nil, errBaseline
	}
	return pre, nil
}

// start takes the time of one start on the rung deploy, cold or boot, in an engine
// of its own.
func (b *baseline) start() (took time.Duration, err error) {
	if b.loop.Rung != results.Boot {
		runtime.GC() // as before each cold start
	}
	e, err := newBaselineEngine(b.mode)
	if err != nil {
		return 0, err
	}
	defer e.close()
	path, remove, err := b.stored("module.cwasm")
	if err != nil {
		return 0, err
	}
	defer remove()
	from := time.Now()
	module, err := b.load(e.Engine, path)
	if err != nil {
		return 0, err
	}
	defer module.Close()
	pre, err := e.link(module)
	if err != nil {
		return 0, err
	}
	defer C.wasmtime_instance_pre_delete(pre)
	var g C.baseline_guest
	if !C.baseline_new(e.c(), pre, &g) {
		return 0, errBaseline
	}
	defer C.baseline_free(&g)
	err = b.call(&g)
	took = time.Since(from)
	b.loop.Answer(b.response[:b.length])
	return took, err
}

// stored says where stored code lies, or will lie on the rung deploy, until it is removed.
func (b *baseline) stored(name string) (path string, remove func(), err error) {
	if b.loop.Rung != results.Deploy || !b.mode.disk {
		return b.loop.Prepared.Path, func() {}, nil
	}
	dir, err := os.MkdirTemp(b.loop.Options.Scratch, "baseline-")
	if err != nil {
		return "", nil, err
	}
	return filepath.Join(dir, name), func() { os.RemoveAll(dir) }, nil
}

// load brings a module into memory: it compiles it, or maps stored code, which it
// makes first on the rung deploy.
func (b *baseline) load(engine *wasmtime.Engine, path string) (*wasmtime.Module, error) {
	if b.loop.Rung != results.Deploy && b.mode.disk {
		return wasmtime.NewModuleDeserializeFile(engine, path)
	}
	code, err := os.ReadFile(b.loop.Prepared.Artefact.Path)
	if err != nil {
		return nil, err
	}
	module, err := wasmtime.NewModule(engine, code)
	if err != nil || !b.mode.disk {
		return module, err
	}
	defer module.Close()
	stored, err := module.Serialize()
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(path, stored, 0o600); err != nil {
		return nil, err
	}
	return wasmtime.NewModuleDeserializeFile(engine, path)
}

// instances runs the rungs pooled and hot.
func (b *baseline) instances(ctx context.Context) ([]time.Duration, error) {
	e, err := newBaselineEngine(b.mode)
	if err != nil {
		return nil, err
	}
	defer e.close()
	code, err := os.ReadFile(b.loop.Prepared.Artefact.Path)
	if err != nil {
		return nil, err
	}
	module, err := wasmtime.NewModule(e.Engine, code)
	if err != nil {
		return nil, err
	}
	defer module.Close()
	pre, err := e.link(module)
	if err != nil {
		return nil, err
	}
	defer C.wasmtime_instance_pre_delete(pre)
	times, err := b.repeat(ctx, e.c(), pre)
	runtime.KeepAlive(e)
	return times, err
}

func (b *baseline) repeat(ctx context.Context, engine *C.wasm_engine_t, pre *C.wasmtime_instance_pre_t) ([]time.Duration, error) {
	if b.loop.Rung == results.Pooled {
		return b.loop.Repeat(ctx, func() (took time.Duration, err error) {
			var g C.baseline_guest
			from := time.Now()
			if !C.baseline_new(engine, pre, &g) {
				return 0, errBaseline
			}
			err = b.call(&g)
			took = time.Since(from)
			C.baseline_free(&g)
			return took, err
		})
	}
	g := new(C.baseline_guest)
	if !C.baseline_new(engine, pre, g) {
		return nil, errBaseline
	}
	defer C.baseline_free(g)
	if err := b.call(g); err != nil {
		return nil, err
	}
	return b.loop.Repeat(ctx, func() (time.Duration, error) {
		from := time.Now()
		err := b.call(g)
		return time.Since(from), err
	})
}

func (b *baseline) call(g *C.baseline_guest) error {
	n := C.baseline_call(g, (*C.uint8_t)(unsafe.SliceData(b.loop.Request)), C.size_t(len(b.loop.Request)), (*C.uint8_t)(unsafe.SliceData(b.response)), C.size_t(len(b.response)))
	return b.took(n)
}

// took keeps the length of a response, which is more than the room for it after a failure.
func (b *baseline) took(n C.size_t) error {
	if b.length = int(n); b.length > len(b.response) {
		b.length = 0
		return errBaseline
	}
	return nil
}
