//go:build cgo

package wasmtime_test

import (
	"os"
	"testing"

	library "github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/runners"
)

// BenchmarkBaseline sets loops over wasmtime-go itself beside the same work done
// through the runner. Through aot-pooling-goapi it should cost the same, but
// for the pool; what the other modes save is what the binding costs.
func BenchmarkBaseline(b *testing.B) {
	a := probe(b)
	b.Run("via=library/step=instantiate", func(b *testing.B) { baselineInstantiate(b, a) })
	b.Run("via=library/step=call", func(b *testing.B) { baselineCall(b, a) })
	for _, mode := range []string{"aot", "aot-pooling", "aot-pooling-goapi"} {
		b.Run("via="+mode+"/step=instantiate", func(b *testing.B) {
			l := load(b, boot(b, mode, 0), a)
			for b.Loop() {
				in, err := l.Instantiate(b.Context(), nil)
				if err != nil {
					b.Fatal(err)
				}
				in.Close()
			}
		})
		b.Run("via="+mode+"/step=call", func(b *testing.B) {
			in := instantiate(b, load(b, boot(b, mode, 0), a))
			for b.Loop() {
				if _, err := in.Call(b.Context(), nil, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// libraryModule is a module with a linker, as a user of wasmtime-go makes them.
func libraryModule(b *testing.B, a runners.Artefact) (*library.Engine, *library.Linker, *library.Module) {
	code, err := os.ReadFile(a.Path)
	if err != nil {
		b.Fatal(err)
	}
	engine := library.NewEngine()
	module, err := library.NewModule(engine, code)
	if err != nil {
		b.Fatal(err)
	}
	linker := library.NewLinker(engine)
	if err := linker.DefineWasi(); err != nil {
		b.Fatal(err)
	}
	return engine, linker, module
}

func baselineInstantiate(b *testing.B, a runners.Artefact) {
	engine, linker, module := libraryModule(b, a)
	for b.Loop() {
		store := library.NewStore(engine)
		in, err := linker.Instantiate(store, module)
		if err != nil {
			b.Fatal(err)
		}
		in.GetFunc(store, "alloc")
		in.GetFunc(store, "handle")
		in.GetExport(store, "memory")
		in.GetFunc(store, "_initialize")
		store.Close()
	}
}

func baselineCall(b *testing.B, a runners.Artefact) {
	engine, linker, module := libraryModule(b, a)
	store := library.NewStore(engine)
	defer store.Close()
	in, err := linker.Instantiate(store, module)
	if err != nil {
		b.Fatal(err)
	}
	handle := in.GetFunc(store, "handle")
	for b.Loop() {
		if _, err := handle.Call(store, int32(0), int32(0)); err != nil {
			b.Fatal(err)
		}
	}
}
