//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

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
	"time"
	"unsafe"

	"edgebench/results"
	"edgebench/runners"
)

// errBaseline is the only error of the C functions of the baseline loop.
var errBaseline = errors.New("the baseline loop fails")

// baselineRoom bounds a response of the baseline loop, in bytes.
const baselineRoom = 64 << 10

// Baseline runs the pooled and the hot rung through the library's C API, with the
// mode's compiler or its stored code, so that the process has as many threads and
// mappings as the adapter's. It shares no code with the adapter.
func (runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	m, err := find(l.Options.Mode)
	if err != nil {
		return out, err
	}
	if m.metered || m.plain || l.Rung != results.Pooled && l.Rung != results.Hot {
		return out, fmt.Errorf("no baseline loop for %s on the rung %s: %w", m.name, l.Rung, runners.ErrUnavailable)
	}
	code, err := os.ReadFile(l.Prepared.Path)
	if err != nil {
		return out, err
	}
	b := baseline{request: l.Request, response: make([]byte, baselineRoom)}
	if !C.baseline_load(&b.module, C.wasmer_compiler_t(m.by), C.bool(m.kept), (*C.uint8_t)(unsafe.SliceData(code)), C.size_t(len(code))) {
		return out, errBaseline
	}
	defer C.baseline_unload(&b.module)
	out.Times, err = b.loop(ctx, l)
	out.Response = b.response[:b.length]
	return out, err
}

// baseline is the state that the iterations share.
type baseline struct {
	module   C.baseline_module
	request  []byte
	response []byte
	length   int
}

func (b *baseline) loop(ctx context.Context, l runners.Loop) ([]time.Duration, error) {
	if l.Rung == results.Pooled {
		return l.Repeat(ctx, func() (took time.Duration, err error) {
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
