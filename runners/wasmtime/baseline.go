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

// Baseline runs the pooled and the hot rung through the library's C API, as all
// modes except aot-pooling-goapi do. It makes the engine and its pool as the
// adapter does; it shares no timed code with the adapter. It allows no guest
// anything, so it has no loop for guests that can be stopped.
func (runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	m, err := find(l.Options.Mode)
	if err != nil {
		return out, err
	}
	if m.plain || m.stop != byNothing || l.Rung != results.Pooled && l.Rung != results.Hot {
		return out, fmt.Errorf("no baseline loop for %s on the rung %s: %w", m.name, l.Rung, runners.ErrUnavailable)
	}
	engine, err := newEngine(m)
	if err != nil {
		return out, err
	}
	defer engine.Close()
	code, err := os.ReadFile(l.Prepared.Artefact.Path)
	if err != nil {
		return out, err
	}
	module, err := wasmtime.NewModule(engine, code)
	if err != nil {
		return out, err
	}
	defer module.Close()
	linker := wasmtime.NewLinker(engine)
	defer linker.Close()
	b := baseline{engine: (*C.wasm_engine_t)(pointer(engine)), request: l.Request, response: make([]byte, baselineRoom)}
	if !C.baseline_link((*C.wasmtime_linker_t)(pointer(linker)), (*C.wasmtime_module_t)(pointer(module)), &b.pre) {
		return out, errBaseline
	}
	defer C.wasmtime_instance_pre_delete(b.pre)
	out.Times, err = b.loop(ctx, l)
	runtime.KeepAlive(engine)
	out.Response = b.response[:b.length]
	return out, err
}

// baseline is the state that the iterations share.
type baseline struct {
	engine   *C.wasm_engine_t
	pre      *C.wasmtime_instance_pre_t
	request  []byte
	response []byte
	length   int
}

func (b *baseline) loop(ctx context.Context, l runners.Loop) ([]time.Duration, error) {
	if l.Rung == results.Pooled {
		return l.Repeat(ctx, func() (took time.Duration, err error) {
			var g C.baseline_guest
			from := time.Now()
			if !C.baseline_new(b.engine, b.pre, &g) {
				return 0, errBaseline
			}
			err = b.call(&g)
			took = time.Since(from)
			C.baseline_free(&g)
			return took, err
		})
	}
	g := new(C.baseline_guest)
	if !C.baseline_new(b.engine, b.pre, g) {
		return nil, errBaseline
	}
	defer C.baseline_free(g)
	if err := b.call(g); err != nil {
		return nil, err
	}
	return l.Repeat(ctx, func() (time.Duration, error) {
		from := time.Now()
		err := b.call(g)
		return time.Since(from), err
	})
}

func (b *baseline) call(g *C.baseline_guest) error {
	n := C.baseline_call(g, (*C.uint8_t)(unsafe.SliceData(b.request)), C.size_t(len(b.request)), (*C.uint8_t)(unsafe.SliceData(b.response)), C.size_t(len(b.response)))
	if b.length = int(n); b.length > len(b.response) {
		b.length = 0
		return errBaseline
	}
	return nil
}
