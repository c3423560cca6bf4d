package build_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/workloads/build"
)

// reactor calls a module as package abi describes it, by wazero's plain API: a
// reading of the protocol of its own, beside those of the runners.
type reactor struct {
	ctx           context.Context
	module        api.Module
	alloc, handle api.Function
}

// engine is the one that has answered soonest: with a module of megabytes the
// interpreter.
func engine(b build.Built) wazero.RuntimeConfig {
	if b.Size > 1<<20 {
		return wazero.NewRuntimeConfigInterpreter()
	}
	return wazero.NewRuntimeConfig()
}

func instantiate(tb testing.TB, b build.Built) *reactor {
	tb.Helper()
	code, err := os.ReadFile(b.Path)
	if err != nil {
		tb.Fatal(err)
	}
	ctx := context.Background() // the test's own ends before its clean-up
	runtime := wazero.NewRuntimeWithConfig(ctx, engine(b))
	tb.Cleanup(func() {
		if err := runtime.Close(ctx); err != nil {
			tb.Error(err)
		}
	})
	wasi_snapshot_preview1.MustInstantiate(ctx, runtime)
	config := wazero.NewModuleConfig().WithStartFunctions(abi.Initialise).WithStderr(tb.Output()).
		WithSysWalltime().WithSysNanotime().WithRandSource(rand.Reader)
	if b.Files != "" {
		config = config.WithFSConfig(wazero.NewFSConfig().WithReadOnlyDirMount(b.Files, "/"))
	}
	module, err := runtime.InstantiateWithConfig(ctx, code, config)
	if err != nil {
		tb.Fatal(err)
	}
	return &reactor{ctx, module, module.ExportedFunction(abi.Alloc), module.ExportedFunction(abi.Handle)}
}

func (r *reactor) Call(dst, request []byte) ([]byte, error) {
	var ptr uint64
	if len(request) > 0 {
		at, err := r.alloc.Call(r.ctx, uint64(len(request)))
		if err != nil {
			return dst, err
		}
		ptr = at[0]
		if !r.module.Memory().Write(uint32(ptr), request) {
			return dst, fmt.Errorf("alloc(%d) gives %#x, which is not in memory", len(request), ptr)
		}
	}
	packed, err := r.handle.Call(r.ctx, ptr, uint64(len(request)))
	if err != nil {
		return dst, err
	}
	at, n, err := abi.Unpack(packed[0], uint64(r.module.Memory().Size()))
	if err != nil {
		return dst, err
	}
	response, _ := r.module.Memory().Read(at, n)
	return append(dst, response...), nil
}

func TestExchangesAsModules(t *testing.T) {
	list, builder := open(t)
	for _, w := range list {
		for _, language := range languagesAs(w, runners.Wasm) {
			t.Run(w.Name+"/"+language, func(t *testing.T) {
				t.Parallel()
				b := mustBuild(t, builder, w, language, runners.Wasm)
				answersAll(t, w, instantiate(t, b))
			})
		}
	}
}

// The modules of C that the suite rests on are small and alone: they import
// nothing and fit in one page of 64 KiB, stack included.
func TestCommittedModulesAreLean(t *testing.T) {
	list, builder := open(t)
	ctx := t.Context()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer runtime.Close(ctx)
	for _, name := range []string{"noop", "rewrite", "auth", "probe"} {
		w := find(t, list, name)
		b := mustBuild(t, builder, w, "c", runners.Wasm)
		code, err := os.ReadFile(b.Path)
		if err != nil {
			t.Fatal(err)
		}
		compiled, err := runtime.CompileModule(ctx, code)
		if err != nil {
			t.Fatal(err)
		}
		if imports := compiled.ImportedFunctions(); len(imports) > 0 {
			t.Errorf("%s imports %d functions", w.Name, len(imports))
		}
		if pages := compiled.ExportedMemories()[abi.Memory].Min(); pages != 1 {
			t.Errorf("%s begins with %d pages of memory", w.Name, pages)
		}
		if b.Size > 16<<10 {
			t.Errorf("%s has %d bytes", w.Name, b.Size)
		}
	}
}

// An instance answers as before after requests of all sizes have made it grow.
func TestModulesGrow(t *testing.T) {
	list, builder := open(t)
	probe := find(t, list, "probe")
	for _, language := range languagesAs(probe, runners.Wasm) {
		t.Run(language, func(t *testing.T) {
			r := instantiate(t, mustBuild(t, builder, probe, language, runners.Wasm))
			for _, n := range []int{1, 70_000, 100, 1 << 20, 3 << 20, 17} {
				request := make([]byte, n)
				for i := range request {
					request[i] = byte(i % 253)
				}
				request[0] = 'E'
				got, err := r.Call(nil, request)
				if err != nil || string(got) != string(request[1:]) {
					t.Fatalf("an echo of %d bytes: %d bytes, %v", n, len(got), err)
				}
			}
			answersAll(t, probe, r)
		})
	}
}
