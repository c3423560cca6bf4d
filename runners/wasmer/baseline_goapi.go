//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

import (
	"context"
	"errors"
	"os"
	"runtime"
	"time"

	goapi "github.com/wasmerio/wasmer-go/wasmer"

	"edgebench/results"
	"edgebench/runners"
)

// goBaseline is the loop of the mode that makes wasmer-go's own calls.
type goBaseline struct {
	loop     runners.Loop
	response []byte
}

func (b *goBaseline) run(ctx context.Context) (out runners.BaselineResult, err error) {
	if b.loop.Rung.Loaded() {
		out.Times, err = b.instances(ctx)
	} else {
		out.Times, err = b.loop.Repeat(ctx, b.start)
	}
	out.Response = b.response
	return out, err
}

// start takes the time of one start on the rung deploy, cold or boot.
func (b *goBaseline) start() (took time.Duration, err error) {
	if b.loop.Rung != results.Boot {
		runtime.GC() // as before each cold start
	}
	path, remove, err := storedIn(b.loop)
	if err != nil {
		return 0, err
	}
	defer remove()
	from := time.Now()
	if b.loop.Rung == results.Deploy {
		if err := storeByGo(b.loop.Prepared.Artefact.Path, path); err != nil {
			return 0, err
		}
	}
	m, err := restoreByGo(path)
	if err != nil {
		return 0, err
	}
	defer m.close()
	g, err := m.instantiate()
	if err != nil {
		return 0, err
	}
	defer g.instance.Close()
	b.response, err = g.call(b.response[:0], b.loop.Request)
	took = time.Since(from)
	if err == nil {
		b.loop.Answer(b.response)
	}
	return took, err
}

// instances runs the rungs pooled and hot.
func (b *goBaseline) instances(ctx context.Context) ([]time.Duration, error) {
	m, err := restoreByGo(b.loop.Prepared.Path)
	if err != nil {
		return nil, err
	}
	defer m.close()
	if b.loop.Rung == results.Pooled {
		return b.loop.Repeat(ctx, func() (took time.Duration, err error) {
			from := time.Now()
			g, err := m.instantiate()
			if err != nil {
				return 0, err
			}
			defer g.instance.Close()
			b.response, err = g.call(b.response[:0], b.loop.Request)
			return time.Since(from), err
		})
	}
	g, err := m.instantiate()
	if err != nil {
		return nil, err
	}
	defer g.instance.Close()
	if b.response, err = g.call(nil, b.loop.Request); err != nil {
		return nil, err
	}
	return b.loop.Repeat(ctx, func() (time.Duration, error) {
		from := time.Now()
		b.response, err = g.call(b.response[:0], b.loop.Request)
		return time.Since(from), err
	})
}

func newGoStore() *goapi.Store {
	return goapi.NewStore(goapi.NewEngineWithConfig(goapi.NewConfig().UseUniversalEngine().UseCraneliftCompiler()))
}

// storeByGo compiles a module and writes its code to a file.
func storeByGo(wasm, path string) error {
	bytes, err := os.ReadFile(wasm)
	if err != nil {
		return err
	}
	store := newGoStore()
	defer store.Close()
	module, err := goapi.NewModule(store, bytes)
	if err != nil {
		return err
	}
	defer module.Close()
	code, err := module.Serialize()
	if err != nil {
		return err
	}
	return os.WriteFile(path, code, 0o600)
}

// goModule is a module with its store.
type goModule struct {
	*goapi.Module
	store *goapi.Store
}

func restoreByGo(path string) (m goModule, err error) {
	code, err := os.ReadFile(path)
	if err != nil {
		return m, err
	}
	m.store = newGoStore()
	if m.Module, err = goapi.DeserializeModule(m.store, code); err != nil {
		m.store.Close()
	}
	return m, err
}

func (m goModule) close() {
	m.Close()
	m.store.Close()
}

// goGuest is an instance with what is called. Its exports do not keep an instance alive.
type goGuest struct {
	instance      *goapi.Instance
	memory        *goapi.Memory
	alloc, handle goapi.NativeFunction
}

func (m goModule) instantiate() (g *goGuest, err error) {
	g = &goGuest{}
	if g.instance, err = goapi.NewInstance(m.Module, goapi.NewImportObject()); err != nil {
		return nil, err
	}
	if err := g.find(); err != nil {
		g.instance.Close()
		return nil, err
	}
	return g, nil
}

// find looks up the exports, and runs _initialize if there is one.
func (g *goGuest) find() (err error) {
	exports := g.instance.Exports
	if g.memory, err = exports.GetMemory("memory"); err != nil {
		return err
	}
	if g.alloc, err = exports.GetFunction("alloc"); err != nil {
		return err
	}
	if g.handle, err = exports.GetFunction("handle"); err != nil {
		return err
	}
	if initialise, err := exports.GetFunction("_initialize"); err == nil {
		_, err := initialise()
		return err
	}
	return nil
}

var errNoPlace = errors.New("the guest gave no place in its memory")

// call appends the response to dst.
func (g *goGuest) call(dst, request []byte) ([]byte, error) {
	found, err := g.alloc(int32(len(request)))
	if err != nil {
		return dst, err
	}
	at, ok := found.(int32)
	memory := g.memory.Data()
	if !ok || uint64(uint32(at))+uint64(len(request)) > uint64(len(memory)) {
		return dst, errNoPlace
	}
	copy(memory[uint32(at):], request)
	if found, err = g.handle(at, int32(len(request))); err != nil {
		return dst, err
	}
	packed, ok := found.(int64)
	from, size := uint64(packed)>>32, uint64(uint32(packed))
	memory = g.memory.Data() // which may have moved
	if !ok || from+size > uint64(len(memory)) {
		return dst, errNoPlace
	}
	return append(dst, memory[from:from+size]...), nil
}
