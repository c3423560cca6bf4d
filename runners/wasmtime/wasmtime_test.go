package wasmtime_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wasmtime"
)

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, wasmtime.New(), "wasmtime", func(mode string) runnertest.Like {
		switch mode {
		case "jit", "aot-pooling", "aot-pooling-goapi": // compiled with the same settings
			return runnertest.Like{Mode: "aot"}
		}
		return runnertest.Like{}
	})
}

func Benchmark(b *testing.B) { runnertest.Bench(b, wasmtime.New(), "wasmtime") }
