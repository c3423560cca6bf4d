package wazero

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"edgebench/results"
	"edgebench/runners"
)

// Baseline runs the pooled and the hot rung by wazero's documented advice: a
// module that is compiled once, anonymous instances, calls through CallWithStack.
// It shares no code with the adapter.
func (runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	m, err := find(l.Options.Mode)
	if err != nil {
		return out, err
	}
	engine := wazero.NewRuntimeWithConfig(ctx, m.config())
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
	// A host gives its guests real clocks and random numbers. Without them
	// wazero seeds a generator for each instance, which takes 10 µs.
	guest := wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize").
		WithSysWalltime().WithSysNanotime().WithSysNanosleep().WithRandSource(rand.Reader)
	instantiate := func() (api.Module, error) { return engine.InstantiateModule(ctx, compiled, guest) }
	switch l.Rung {
	case results.Pooled:
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
	case results.Hot:
		var module api.Module
		if module, err = instantiate(); err != nil {
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
	default:
		err = fmt.Errorf("no baseline loop for the rung %s: %w", l.Rung, runners.ErrUnavailable)
	}
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
