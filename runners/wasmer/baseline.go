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

// Baseline runs all rungs for modules without imports: through the library's C API, with
// the mode's compiler or its stored code, so that the process has as many threads and
// mappings as the adapter's, or through wasmer-go in the mode that has its calls. It shares
// no code with the adapter.
func (runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	m, err := find(l.Options.Mode)
	if err != nil {
		return out, err
	}
	if m.plain {
		return (&goBaseline{loop: l}).run(ctx)
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
	path := b.loop.Prepared.Path
	if b.mode.kept {
		var remove func()
		if path, remove, err = storedIn(b.loop); err != nil {
			return 0, err
		}
		defer remove()
	}
	from := time.Now()
	if b.loop.Rung == results.Deploy && b.mode.kept {
		if err := b.store(path); err != nil {
			return 0, err
		}
	}
	if err := b.load(path, b.mode.kept); err != nil {
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

// storedIn says where stored code lies, or will lie on the rung deploy, until it is removed.
func storedIn(l runners.Loop) (path string, remove func(), err error) {
	if l.Rung != results.Deploy {
		return l.Prepared.Path, func() {}, nil
	}
	dir, err := os.MkdirTemp(l.Options.Scratch, "baseline-")
	if err != nil {
		return "", nil, err
	}
	return filepath.Join(dir, "module.wasmu"), func() { os.RemoveAll(dir) }, nil
}

// load compiles a module, or brings back stored code.
func (b *baseline) load(path string, stored bool) error {
	code, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !C.baseline_load(&b.module, C.wasmer_compiler_t(b.mode.by), C.uint64_t(b.mode.compilation().points), C.bool(stored), (*C.uint8_t)(unsafe.SliceData(code)), C.size_t(len(code))) {
		return errBaseline
	}
	return nil
}

// store compiles a new module and writes its code to a file.
func (b *baseline) store(path string) error {
	if err := b.load(b.loop.Prepared.Artefact.Path, false); err != nil {
		return err
	}
	defer C.baseline_unload(&b.module)
	var code C.wasm_byte_vec_t
	C.wasm_module_serialize(b.module.module, &code)
	defer C.wasm_byte_vec_delete(&code)
	return os.WriteFile(path, unsafe.Slice((*byte)(unsafe.Pointer(code.data)), code.size), 0o600)
}

// instances runs the rungs pooled and hot.
func (b *baseline) instances(ctx context.Context) ([]time.Duration, error) {
	if err := b.load(b.loop.Prepared.Path, b.mode.kept); err != nil {
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
	n := C.baseline_call(g, (*C.uint8_t)(unsafe.SliceData(b.loop.Request)), C.size_t(len(b.loop.Request)), (*C.uint8_t)(unsafe.SliceData(b.response)), C.size_t(len(b.response)))
	if b.length = int(n); b.length > len(b.response) {
		b.length = 0
		return errBaseline
	}
	return nil
}
