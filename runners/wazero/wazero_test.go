package wazero_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wazero"
)

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, wazero.New(), "wazero", func(mode string) runnertest.Like {
		if mode == "compiler" || mode == "interpreter" {
			return runnertest.Like{}
		}
		return runnertest.Like{Mode: "compiler"} // the same one
	})
}

func Benchmark(b *testing.B) { runnertest.Bench(b, wazero.New(), "wazero") }
