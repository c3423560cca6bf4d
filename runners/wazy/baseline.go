package wazy

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/samyfodil/wazy"
	"github.com/samyfodil/wazy/api"
	"github.com/samyfodil/wazy/imports/wasi_snapshot_preview1"

	"edgebench/results"
	"edgebench/runners"
)

// Baseline runs all rungs by wazy's documented advice: a compilation cache on disk,
// a module that is compiled once, anonymous instances, calls through CallWithStack. It
// shares no code with the adapter.
func (runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	m, err := find(l.Options.Mode)
	if err != nil {
		return out, err
	}
	switch {
	case l.Rung == results.Deploy || l.Rung == results.Boot || l.Rung == results.Cold:
		return baselineStarts(ctx, m, l)
	case l.Rung == results.Pooled || l.Rung == results.Hot:
		return baselineInstances(ctx, m, l)
	}
	return out, fmt.Errorf("no baseline loop for the rung %s: %w", l.Rung, runners.ErrUnavailable)
}

// baselineStarts loads the module in a runtime of its own each time. The runtime's
// cache is a folder: on cold and boot the one that holds the compiled module, on
// deploy an empty one, into which the module is compiled first.
func baselineStarts(ctx context.Context, m mode, l runners.Loop) (out runners.BaselineResult, err error) {
	cache := filepath.Dir(filepath.Dir(l.Prepared.Path))
	out.Times, err = l.Repeat(ctx, func() (took time.Duration, err error) {
		if l.Rung != results.Boot {
			runtime.GC() // as before each cold start
		}
		if l.Rung == results.Deploy {
			if cache, err = os.MkdirTemp(l.Options.Scratch, "baseline-"); err != nil {
				return 0, err
			}
			defer os.RemoveAll(cache)
		}
		e, err := newBaselineEngine(ctx, m, cache)
		if err != nil {
			return 0, err
		}
		from := time.Now()
		out.Response, err = e.start(ctx, l, out.Response[:0])
		took = time.Since(from)
		if err == nil {
			l.Answer(out.Response)
		}
		return took, errors.Join(err, e.close(ctx))
	})
	return out, err
}

// baselineEngine is a runtime with its compilation cache.
type baselineEngine struct {
	wazy.Runtime
	cache wazy.CompilationCache
}

func newBaselineEngine(ctx context.Context, m mode, dir string) (*baselineEngine, error) {
	e, config := &baselineEngine{}, m.config()
	if m.keeps {
		var err error
		if e.cache, err = wazy.NewCompilationCacheWithDir(dir); err != nil {
			return nil, err
		}
		config = config.WithCompilationCache(e.cache)
	}
	e.Runtime = wazy.NewRuntimeWithConfig(ctx, config)
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, e); err != nil {
		return nil, errors.Join(err, e.close(ctx))
	}
	return e, nil
}

// start appends the first response. A new module is compiled into the cache, as a
// node stores it, before it is loaded.
func (e *baselineEngine) start(ctx context.Context, l runners.Loop, dst []byte) ([]byte, error) {
	if l.Rung == results.Deploy && e.cache != nil {
		compiled, err := e.load(ctx, l.Prepared.Artefact.Path)
		if err != nil {
			return dst, err
		}
		if err := compiled.Close(ctx); err != nil {
			return dst, err
		}
	}
	compiled, err := e.load(ctx, l.Prepared.Artefact.Path)
	if err != nil {
		return dst, err
	}
	module, err := e.InstantiateModule(ctx, compiled, baselineConfig())
	if err != nil {
		return dst, err
	}
	return newBaselineGuest(module).call(ctx, dst, l.Request)
}

func (e *baselineEngine) load(ctx context.Context, path string) (wazy.CompiledModule, error) {
	code, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return e.CompileModule(ctx, code)
}

func (e *baselineEngine) close(ctx context.Context) error {
	err := e.Close(ctx)
	if e.cache != nil {
		err = errors.Join(err, e.cache.Close(ctx))
	}
	return err
}

// baselineConfig has real clocks and random numbers, as a host gives its guests.
// Without them wazy seeds a generator for each instance, which takes 10 µs.
func baselineConfig() wazy.ModuleConfig {
	return wazy.NewModuleConfig().WithName("").WithStartFunctions("_initialize").
		WithSysWalltime().WithSysNanotime().WithSysNanosleep().WithRandSource(rand.Reader)
}

// baselineInstances makes instances of one compiled module, or calls one of them.
func baselineInstances(ctx context.Context, m mode, l runners.Loop) (out runners.BaselineResult, err error) {
	engine := wazy.NewRuntimeWithConfig(ctx, m.config())
	defer engine.Close(ctx)
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, engine); err != nil {
		return out, err
	}
	code, err := os.ReadFile(l.Prepared.Artefact.Path)
	if err != nil {
		return out, err
	}
	compiled, err := engine.CompileModule(ctx, code)
	if err != nil {
		return out, err
	}
	guest := baselineConfig()
	instantiate := func() (api.Module, error) { return engine.InstantiateModule(ctx, compiled, guest) }
	if l.Rung == results.Pooled {
		out.Times, err = l.Repeat(ctx, func() (took time.Duration, err error) {
			from := time.Now()
			module, err := instantiate()
			if err != nil {
				return 0, err
			}
			out.Response, err = newBaselineGuest(module).call(ctx, out.Response[:0], l.Request)
			took = time.Since(from)
			return took, errors.Join(err, module.Close(ctx))
		})
		return out, err
	}
	module, err := instantiate()
	if err != nil {
		return out, err
	}
	g := newBaselineGuest(module)
	if out.Response, err = g.call(ctx, nil, l.Request); err != nil {
		return out, err
	}
	out.Times, err = l.Repeat(ctx, func() (time.Duration, error) {
		from := time.Now()
		out.Response, err = g.call(ctx, out.Response[:0], l.Request)
		return time.Since(from), err
	})
	return out, err
}

// baselineGuest is a module's instance as a user would hold it.
type baselineGuest struct {
	alloc, handle api.Function
	memory        api.Memory
	stack         [2]uint64
}

func newBaselineGuest(m api.Module) *baselineGuest {
	return &baselineGuest{alloc: m.ExportedFunction("alloc"), handle: m.ExportedFunction("handle"), memory: m.Memory()}
}

// call appends the response to dst.
func (g *baselineGuest) call(ctx context.Context, dst, request []byte) ([]byte, error) {
	g.stack[0] = uint64(len(request))
	if err := g.alloc.CallWithStack(ctx, g.stack[:]); err != nil {
		return dst, err
	}
	at := uint32(g.stack[0])
	if !g.memory.Write(at, request) {
		return dst, errors.New("alloc gave no place in the memory")
	}
	g.stack[0], g.stack[1] = uint64(at), uint64(len(request))
	if err := g.handle.CallWithStack(ctx, g.stack[:]); err != nil {
		return dst, err
	}
	response, ok := g.memory.Read(uint32(g.stack[0]>>32), uint32(g.stack[0]))
	if !ok {
		return dst, errors.New("handle gave no place in the memory")
	}
	return append(dst, response...), nil
}
