package wasmer_test

import (
	"strings"
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wasmer"
)

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, wasmer.New(), "wasmer", func(mode string) runnertest.Like {
		compiler, _, more := strings.Cut(mode, "-")
		if !more {
			return runnertest.Like{}
		}
		return runnertest.Like{Mode: compiler}
	})
}

func Benchmark(b *testing.B) { runnertest.Bench(b, wasmer.New(), "wasmer") }
