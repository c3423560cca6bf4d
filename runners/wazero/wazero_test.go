package wazero_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wazero"
)

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, wazero.New(), "wazero", func(mode string) runnertest.Like {
		switch mode {
		case "compiler", "interpreter":
			return runnertest.Like{}
		case "compiler-workers":
			return runnertest.Like{Mode: "compiler", Setting: true}
		}
		return runnertest.Like{Mode: "compiler"} // the same one
	})
}

func Benchmark(b *testing.B) { runnertest.Bench(b, wazero.New(), "wazero") }
