package wasmtime_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wasmtime"
)

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, wasmtime.New(), "wasmtime", func(mode string) runnertest.Like {
		if mode == "aot" || mode == "pulley" {
			return runnertest.Like{}
		}
		return runnertest.Like{Mode: "aot"} // all others run Cranelift's machine code
	})
}

func Benchmark(b *testing.B) { runnertest.Bench(b, wasmtime.New(), "wasmtime") }
