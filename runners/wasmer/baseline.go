//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

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
	"time"
	"unsafe"

	"edgebench/results"
	"edgebench/runners"
)

// errDirect is all that a direct loop says of its failure.
var errDirect = errors.New("the direct loop fails")

// directRoom is what a response of a direct loop may take, in bytes.
const directRoom = 64 << 10

// Direct does the pooled and the hot rung as somebody would who uses the
// library's C API, with the mode's compiler, or with the code that it keeps,
// so that the process has neither more nor fewer threads and mappings than the
// adapter's. It shares no code with the adapter.
func (runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	m, err := find(l.Options.Mode)
	if err != nil {
		return out, err
	}
	if l.Rung != results.Pooled && l.Rung != results.Hot {
		return out, fmt.Errorf("no direct loop for the rung %s: %w", l.Rung, runners.ErrUnavailable)
	}
	code, err := os.ReadFile(l.Prepared.Path)
	if err != nil {
		return out, err
	}
	d := direct{request: l.Request, response: make([]byte, directRoom)}
	if !C.direct_load(&d.module, C.wasmer_compiler_t(m.by), C.bool(m.kept), (*C.uint8_t)(unsafe.SliceData(code)), C.size_t(len(code))) {
		return out, errDirect
	}
	defer C.direct_unload(&d.module)
	out.Times, err = d.loop(ctx, l)
	out.Response = d.response[:d.length]
	return out, err
}

// direct is what the iterations share.
type direct struct {
	module   C.direct_module
	request  []byte
	response []byte
	length   int
}

func (d *direct) loop(ctx context.Context, l runners.Loop) ([]time.Duration, error) {
	if l.Rung == results.Pooled {
		return l.Repeat(ctx, func() (took time.Duration, err error) {
			var g C.direct_guest
			from := time.Now()
			if !C.direct_new(&d.module, &g) {
				return 0, errDirect
			}
			err = d.call(&g)
			took = time.Since(from)
			C.direct_free(&g)
			return took, err
		})
	}
	g := new(C.direct_guest)
	if !C.direct_new(&d.module, g) {
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
