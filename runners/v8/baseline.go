//go:build cgo && linux && amd64

package v8

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
	"edgebench/runners/internal/binary"
	"edgebench/runners/internal/limit"
)

// errBaseline is the only error of the C++ functions of the baseline loop.
var errBaseline = errors.New("the baseline loop fails")

// baselineRoom bounds a response of the baseline loop, in bytes.
const baselineRoom = 64 << 10

// Baseline runs the pooled and the hot rung through V8's C++ API, with the mode's
// flags, for modules without imports. It shares no timed code with the adapter.
func (runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	m, err := find(l.Options.Mode)
	if err != nil {
		return out, err
	}
	if m.interruptible || l.Rung != results.Pooled && l.Rung != results.Hot {
		return out, fmt.Errorf("no baseline loop for %s on the rung %s: %w", m.name, l.Rung, runners.ErrUnavailable)
	}
	code, err := os.ReadFile(l.Prepared.Artefact.Path)
	if err != nil {
		return out, err
	}
	if binary.HasImports(code) {
		return out, fmt.Errorf("no baseline loop for a module with imports: %w", runners.ErrUnavailable)
	}
	if code, err = limit.Memory(code, limit.Pages(defaultMemory)); err != nil {
		return out, err
	}
	if err := engine.start(m.flags); err != nil {
		return out, err
	}
	defer engine.stop()
	own := map[scope]C.enum_baseline_own{ownIsolate: C.BASELINE_ISOLATE, ownContext: C.BASELINE_CONTEXT, ownInstance: C.BASELINE_INSTANCE}[m.scope]
	b := baseline{request: l.Request, response: make([]byte, baselineRoom)}
	if b.module = C.baseline_load(own, (*C.uint8_t)(unsafe.SliceData(code)), C.size_t(len(code))); b.module == nil {
		return out, errBaseline
	}
	defer C.baseline_unload(b.module)
	out.Times, err = b.loop(ctx, l)
	out.Response = b.response[:b.length]
	return out, err
}

// baseline is the state that the iterations share.
type baseline struct {
	module   *C.baseline_module
	request  []byte
	response []byte
	length   int
}

func (b *baseline) loop(ctx context.Context, l runners.Loop) ([]time.Duration, error) {
	if l.Rung == results.Pooled {
		return l.Repeat(ctx, func() (took time.Duration, err error) {
			from := time.Now()
			g := C.baseline_new(b.module)
			if g == nil {
				return 0, errBaseline
			}
			err = b.call(g)
			took = time.Since(from)
			C.baseline_free(g)
			return took, err
		})
	}
	g := C.baseline_new(b.module)
	if g == nil {
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
