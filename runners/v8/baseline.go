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
	byteorder "encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
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

// Baseline runs all rungs through V8's C++ API, with the mode's flags, for modules
// without imports. It allows no guest anything, so it has no loop for guests that can be
// stopped. Of the adapter's timed code it shares limit.Memory alone (5 µs of a start),
// without which V8 would reserve more for a memory than it does for the adapter.
func (runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	m, err := find(l.Options.Mode)
	if err != nil {
		return out, err
	}
	if m.interruptible {
		return out, fmt.Errorf("no baseline loop for %s: %w", m.name, runners.ErrUnavailable)
	}
	if err := engine.startWith(m.flags, startBaseline); err != nil {
		return out, err
	}
	defer engine.stop()
	b := &baseline{mode: m, loop: l, response: make([]byte, baselineRoom)}
	switch l.Rung {
	case results.Deploy, results.Boot, results.Cold:
		out.Times, err = l.Repeat(ctx, b.start)
	case results.Pooled, results.Hot:
		out.Times, err = b.instances(ctx)
	default:
		err = fmt.Errorf("no baseline loop for the rung %s: %w", l.Rung, runners.ErrUnavailable)
	}
	out.Response = b.response[:b.length]
	return out, err
}

func startBaseline(flags, script *C.char) { C.baseline_start(flags, script) }

// baseline is the state that the iterations share.
type baseline struct {
	mode     mode
	loop     runners.Loop
	module   *C.baseline_module
	response []byte
	length   int
}

// start takes the time of one start on the rung deploy, cold or boot. Each has an isolate
// of its own to load in, whose end takes the module's code along.
func (b *baseline) start() (took time.Duration, err error) {
	if b.loop.Rung != results.Boot {
		runtime.GC() // as before each cold start
	}
	b.open()
	defer b.close()
	path, remove, err := b.stored()
	if err != nil {
		return 0, err
	}
	defer remove()
	from := time.Now()
	if err := b.load(path); err != nil {
		return 0, err
	}
	g := C.baseline_new(b.module)
	if g == nil {
		return 0, errBaseline
	}
	defer C.baseline_free(g)
	err = b.call(g)
	took = time.Since(from)
	if err == nil {
		b.loop.Answer(b.response[:b.length])
	}
	return took, err
}

func (b *baseline) open() {
	own := map[scope]C.enum_baseline_own{ownIsolate: C.BASELINE_ISOLATE, ownContext: C.BASELINE_CONTEXT, ownInstance: C.BASELINE_INSTANCE}
	b.module = C.baseline_open(own[b.mode.scope])
}

func (b *baseline) close() { C.baseline_close(b.module) }

// stored says where stored code lies, or will lie on the rung deploy, until it is removed.
func (b *baseline) stored() (path string, remove func(), err error) {
	if b.loop.Rung != results.Deploy || !b.mode.kept {
		return b.loop.Prepared.Path, func() {}, nil
	}
	dir, err := os.MkdirTemp(b.loop.Options.Scratch, "baseline-")
	if err != nil {
		return "", nil, err
	}
	return filepath.Join(dir, "module"), func() { os.RemoveAll(dir) }, nil
}

// load brings the module into memory: it compiles it, or restores code from a file,
// which it writes first on the rung deploy.
func (b *baseline) load(path string) error {
	if !b.mode.kept {
		_, err := b.compile()
		return err
	}
	if b.loop.Rung == results.Deploy {
		if err := b.store(path); err != nil {
			return err
		}
	}
	return b.restore(path)
}

// compile compiles the module and returns it as it was compiled.
func (b *baseline) compile() ([]byte, error) {
	wasm, err := os.ReadFile(b.loop.Prepared.Artefact.Path)
	if err != nil {
		return nil, err
	}
	if err := checkImports(wasm); err != nil {
		return nil, err
	}
	if wasm, err = limit.Memory(wasm, limit.Pages(defaultMemory)); err != nil {
		return nil, err
	}
	if !C.baseline_compile(b.module, bytesOf(wasm), C.size_t(len(wasm))) {
		return nil, errBaseline
	}
	return wasm, nil
}

func checkImports(wasm []byte) error {
	if binary.HasImports(wasm) {
		return fmt.Errorf("no baseline loop for a module with imports: %w", runners.ErrUnavailable)
	}
	return nil
}

// A file of stored code has the module's size in bytes in 8 bytes, the module and the
// code, as those that Prepare writes.
const baselineHead = 8

func (b *baseline) store(path string) error {
	wasm, err := b.compile()
	if err != nil {
		return err
	}
	var n C.size_t
	code := C.baseline_store(b.module, &n)
	if n == 0 {
		return errBaseline
	}
	file := byteorder.LittleEndian.AppendUint64(nil, uint64(len(wasm)))
	file = slices.Concat(file, wasm, unsafe.Slice((*byte)(unsafe.Pointer(code)), n))
	return os.WriteFile(path, file, 0o600)
}

func (b *baseline) restore(path string) error {
	file, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if len(file) < baselineHead || byteorder.LittleEndian.Uint64(file) > uint64(len(file)-baselineHead) {
		return errBaseline
	}
	n := byteorder.LittleEndian.Uint64(file)
	wasm, code := file[baselineHead:][:n], file[baselineHead:][n:]
	if err := checkImports(wasm); err != nil {
		return err
	}
	if !C.baseline_restore(b.module, bytesOf(wasm), C.size_t(len(wasm)), bytesOf(code), C.size_t(len(code))) {
		return errBaseline
	}
	return nil
}

func bytesOf(b []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.SliceData(b)) }

// instances runs the rungs pooled and hot.
func (b *baseline) instances(ctx context.Context) ([]time.Duration, error) {
	b.open()
	defer b.close()
	if err := b.load(b.loop.Prepared.Path); err != nil {
		return nil, err
	}
	if b.loop.Rung == results.Pooled {
		return b.loop.Repeat(ctx, func() (took time.Duration, err error) {
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
	return b.loop.Repeat(ctx, func() (time.Duration, error) {
		from := time.Now()
		err := b.call(g)
		return time.Since(from), err
	})
}

func (b *baseline) call(g *C.baseline_guest) error {
	n := C.baseline_call(g, bytesOf(b.loop.Request), C.size_t(len(b.loop.Request)), bytesOf(b.response), C.size_t(len(b.response)))
	if b.length = int(n); b.length > len(b.response) {
		b.length = 0
		return errBaseline
	}
	return nil
}
