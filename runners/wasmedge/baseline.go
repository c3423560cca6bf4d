//go:build cgo && linux && wasmedge

package wasmedge

// #cgo noescape baseline_new
// #cgo nocallback baseline_new
// #cgo noescape baseline_call
// #cgo nocallback baseline_call
// #include <stdlib.h>
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

	"edgebench/results"
	"edgebench/runners"
)

// errBaseline is the only error of the C functions of the baseline loop.
var errBaseline = errors.New("the baseline loop fails")

// baselineRoom bounds a response of the baseline loop, in bytes.
const baselineRoom = 64 << 10

// Baseline runs all rungs through the library's C API, with files for all that the
// library reads and writes. It shares no code with the adapter.
func (runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	m, err := find(l.Options.Mode)
	if err != nil {
		return out, err
	}
	b := &baseline{mode: m, loop: l, response: make([]byte, baselineRoom)}
	switch l.Rung {
	case results.Deploy, results.Cold, results.Boot:
		out.Times, err = l.Repeat(ctx, b.start)
	case results.Pooled, results.Hot:
		out.Times, err = b.instances(ctx)
	default:
		err = fmt.Errorf("no baseline loop for the rung %s: %w", l.Rung, runners.ErrUnavailable)
	}
	out.Response = b.response[:b.length]
	return out, err
}

// baseline is the state that the iterations share.
type baseline struct {
	mode     mode
	loop     runners.Loop
	module   C.baseline_module
	response []byte
	length   int
}

// start takes the time of one start on the rung deploy, cold or boot.
func (b *baseline) start() (took time.Duration, err error) {
	if b.loop.Rung != results.Boot {
		runtime.GC() // as before each cold start
	}
	path, deploys := b.loop.Prepared.Path, b.loop.Rung == results.Deploy && b.mode.kept
	if deploys {
		dir, err := os.MkdirTemp(b.loop.Options.Scratch, "baseline-")
		if err != nil {
			return 0, err
		}
		defer os.RemoveAll(dir)
		path = filepath.Join(dir, "module.wasm")
	}
	from := time.Now()
	if deploys {
		if err := b.compile(path); err != nil {
			return 0, err
		}
	}
	if err := b.load(path); err != nil {
		return 0, err
	}
	defer C.baseline_unload(&b.module)
	var g C.baseline_guest
	if !C.baseline_new(&b.module, &g) {
		return 0, errBaseline
	}
	defer C.baseline_free(&g)
	err = b.call(&g)
	took = time.Since(from)
	b.loop.Answer(b.response[:b.length])
	return took, err
}

// compile writes the code of a new module to a file.
func (b *baseline) compile(to string) error {
	in, out := C.CString(b.loop.Prepared.Artefact.Path), C.CString(to)
	defer C.free(unsafe.Pointer(in))
	defer C.free(unsafe.Pointer(out))
	if !C.baseline_compile(in, C.enum_WasmEdge_CompilerOptimizationLevel(b.mode.by), out) {
		return errBaseline
	}
	return nil
}

// load makes the module.
func (b *baseline) load(path string) error {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	if !C.baseline_load(&b.module, C.bool(!b.mode.kept), name) {
		C.baseline_unload(&b.module)
		return errBaseline
	}
	return nil
}

// instances runs the rungs pooled and hot.
func (b *baseline) instances(ctx context.Context) ([]time.Duration, error) {
	if err := b.load(b.loop.Prepared.Path); err != nil {
		return nil, err
	}
	defer C.baseline_unload(&b.module)
	if b.loop.Rung == results.Pooled {
		return b.loop.Repeat(ctx, func() (took time.Duration, err error) {
			var g C.baseline_guest
			from := time.Now()
			if !C.baseline_new(&b.module, &g) {
				return 0, errBaseline
			}
			err = b.call(&g)
			took = time.Since(from)
			C.baseline_free(&g)
			return took, err
		})
	}
	g := new(C.baseline_guest)
	if !C.baseline_new(&b.module, g) {
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
	n := C.baseline_call(&b.module, g, (*C.uint8_t)(unsafe.SliceData(b.loop.Request)), C.size_t(len(b.loop.Request)), (*C.uint8_t)(unsafe.SliceData(b.response)), C.size_t(len(b.response)))
	if b.length = int(n); b.length > len(b.response) {
		b.length = 0
		return errBaseline
	}
	return nil
}
