package wasmtime_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wasmtime"
)

func TestConformance(t *testing.T) { runnertest.Run(t, wasmtime.New(), "wasmtime") }

func Benchmark(b *testing.B) { runnertest.Bench(b, wasmtime.New(), "wasmtime") }
