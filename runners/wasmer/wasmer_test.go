package wasmer_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wasmer"
)

func TestConformance(t *testing.T) { runnertest.Run(t, wasmer.New(), "wasmer") }

func Benchmark(b *testing.B) { runnertest.Bench(b, wasmer.New(), "wasmer") }
