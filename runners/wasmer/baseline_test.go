//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer_test

import (
	"errors"
	"os"
	"runtime"
	"testing"
	"time"

	library "github.com/wasmerio/wasmer-go/wasmer"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/wasmer"
)

// TestBaselineMetered has the loop of the metered mode run a guest that spins, which only
// its points can end.
func TestBaselineMetered(t *testing.T) {
	if testing.Short() {
		t.Skip("a guest that uses all of its points takes seconds; run without -short")
	}
	loops, ok := wasmer.New().(runners.BaselineLoop)
	if !ok {
		t.Fatal("wasmer has no baseline loops")
	}
	l := runners.Loop{
		Options:  runners.Options{Mode: "cranelift-aot-metering", Scratch: t.TempDir()},
		Prepared: runners.Prepared{Artefact: runners.Artefact{Path: "../../workloads/probe/c/probe.wasm"}},
		Rung:     results.Deploy, Request: []byte("S"), Iterations: 1, Within: time.Minute,
	}
	if out, err := loops.Baseline(t.Context(), l); err == nil || errors.Is(err, runners.ErrUnavailable) {
		t.Errorf("a guest that spins answers %q, %v", out.Response, err)
	}
	l.Request = []byte("Ehello")
	if out, err := loops.Baseline(t.Context(), l); string(out.Response) != "hello" || err != nil {
		t.Errorf("a guest that echoes answers %q, %v", out.Response, err)
	}
}

// BenchmarkBaseline sets loops over the Go API of wasmer-go beside the same work
// done through the runner, for a guest without imports and for one with WASI.
// The difference is what that API costs and this runner does without.
func BenchmarkBaseline(b *testing.B) {
	imports := wasi + `"fd_close" (func (param i32) (result i32)))`
	for name, fields := range map[string]string{"none": memory, "wasi": imports + memory} {
		a := guest(b, fields, "(i32.const 0)")
		b.Run("via=goapi/imports="+name, func(b *testing.B) {
			code, err := os.ReadFile(a.Path)
			if err != nil {
				b.Fatal(err)
			}
			benchGoAPI(b, code, name == "wasi")
		})
		b.Run("via=runner/imports="+name, func(b *testing.B) {
			l := load(b, boot(b, "cranelift", 0), a)
			b.Run("step=instantiate", func(b *testing.B) {
				for b.Loop() {
					i, err := l.Instantiate(b.Context(), nil)
					if err != nil {
						b.Fatal(err)
					}
					i.Close()
				}
			})
			i := instantiate(b, l)
			for _, request := range []string{"", "hello"} {
				b.Run("step="+step(request), func(b *testing.B) {
					sent, response := []byte(request), make([]byte, 0, 64)
					for b.Loop() {
						if _, err := i.Call(b.Context(), response, sent); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}

func step(request string) string {
	if request == "" {
		return "ping"
	}
	return "request"
}

func benchGoAPI(b *testing.B, code []byte, hasWASI bool) {
	store := library.NewStore(library.NewEngineWithConfig(library.NewConfig().UseUniversalEngine().UseCraneliftCompiler()))
	module, err := library.NewModule(store, code)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("step=instantiate", func(b *testing.B) {
		for b.Loop() {
			i := goInstance(b, store, module, hasWASI)
			goExports(b, i)
			i.Close()
		}
	})
	i := goInstance(b, store, module, hasWASI)
	memory, alloc, handle := goExports(b, i)
	b.Run("step=ping", func(b *testing.B) {
		for b.Loop() {
			if _, err := handle(int32(0), int32(0)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("step=request", func(b *testing.B) {
		request, response := []byte("hello"), make([]byte, 0, 64)
		for b.Loop() {
			at, err := alloc(int32(len(request)))
			if err != nil {
				b.Fatal(err)
			}
			copy(memory.Data()[at.(int32):], request)
			packed, err := handle(at, int32(len(request)))
			if err != nil {
				b.Fatal(err)
			}
			p := uint64(packed.(int64))
			response = append(response[:0], memory.Data()[p>>32:][:uint32(p)]...)
		}
	})
	// Its exports do not keep an instance alive, and a call after its finalizer
	// crashes the process.
	runtime.KeepAlive(i)
}

func goInstance(b *testing.B, store *library.Store, module *library.Module, hasWASI bool) *library.Instance {
	imports := library.NewImportObject()
	if hasWASI {
		env, err := library.NewWasiStateBuilder("guest").CaptureStdout().CaptureStderr().Finalize()
		if err != nil {
			b.Fatal(err)
		}
		if imports, err = env.GenerateImportObject(store, module); err != nil {
			b.Fatal(err)
		}
	}
	i, err := library.NewInstance(module, imports)
	if err != nil {
		b.Fatal(err)
	}
	return i
}

func goExports(b *testing.B, i *library.Instance) (memory *library.Memory, alloc, handle library.NativeFunction) {
	memory, err := i.Exports.GetMemory("memory")
	if err != nil {
		b.Fatal(err)
	}
	if alloc, err = i.Exports.GetFunction("alloc"); err != nil {
		b.Fatal(err)
	}
	if handle, err = i.Exports.GetFunction("handle"); err != nil {
		b.Fatal(err)
	}
	return memory, alloc, handle
}
