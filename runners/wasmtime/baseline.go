//go:build cgo

package wasmtime

// #cgo noescape direct_new
// #cgo nocallback direct_new
// #cgo noescape direct_call
// #cgo nocallback direct_call
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

// errDirect is all that a direct loop says of its failure.
var errDirect = errors.New("the direct loop fails")

// directRoom is what a response of a direct loop may take, in bytes.
const directRoom = 64 << 10

// Direct does the pooled and the hot rung as somebody would who uses the
// library in the same mode: through its C API, which is what all modes but
// aot-pooling-goapi do. The engine, with its pool where there is one, is made as
// the adapter makes it; nothing that is timed is shared with it.
func (runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	m, err := find(l.Options.Mode)
	if err != nil {
		return out, err
	}
	if m.plain || l.Rung != results.Pooled && l.Rung != results.Hot {
		return out, fmt.Errorf("no direct loop for %s on the rung %s: %w", m.name, l.Rung, runners.ErrUnavailable)
	}
	engine, err := newEngine(m.pooled)
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
	d := direct{engine: (*C.wasm_engine_t)(pointer(engine)), request: l.Request, response: make([]byte, directRoom)}
	if !C.direct_link((*C.wasmtime_linker_t)(pointer(linker)), (*C.wasmtime_module_t)(pointer(module)), &d.pre) {
		return out, errDirect
	}
	defer C.wasmtime_instance_pre_delete(d.pre)
	out.Times, err = d.loop(ctx, l)
	runtime.KeepAlive(engine)
	out.Response = d.response[:d.length]
	return out, err
}

// direct is what the iterations share.
type direct struct {
	engine   *C.wasm_engine_t
	pre      *C.wasmtime_instance_pre_t
	request  []byte
	response []byte
	length   int
}

func (d *direct) loop(ctx context.Context, l runners.Loop) ([]time.Duration, error) {
	if l.Rung == results.Pooled {
		return l.Repeat(ctx, func() (took time.Duration, err error) {
			var g C.direct_guest
			from := time.Now()
			if !C.direct_new(d.engine, d.pre, &g) {
				return 0, errDirect
			}
			err = d.call(&g)
			took = time.Since(from)
			C.direct_free(&g)
			return took, err
		})
	}
	g := new(C.direct_guest)
	if !C.direct_new(d.engine, d.pre, g) {
		return nil, errDirect
	}
	defer C.direct_free(g)
	if err := d.call(g); err != nil {
		return nil, err
	}
	return l.Repeat(ctx, func() (time.Duration, error) {
		from := time.Now()
		err := d.call(g)
		return time.Since(from), err
	})
}

func (d *direct) call(g *C.direct_guest) error {
	n := C.direct_call(g, (*C.uint8_t)(unsafe.SliceData(d.request)), C.size_t(len(d.request)), (*C.uint8_t)(unsafe.SliceData(d.response)), C.size_t(len(d.response)))
	if d.length = int(n); d.length > len(d.response) {
		d.length = 0
		return errDirect
	}
	return nil
}
