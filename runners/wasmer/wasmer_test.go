package wasmer_test

import (
	"strings"
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wasmer"
)

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, wasmer.New(), "wasmer", func(mode string) runnertest.Like {
		compiler, _ := strings.CutSuffix(mode, "-aot")
		if compiler == mode {
			return runnertest.Like{}
		}
		return runnertest.Like{Mode: compiler}
	})
}

func Benchmark(b *testing.B) { runnertest.Bench(b, wasmer.New(), "wasmer") }
