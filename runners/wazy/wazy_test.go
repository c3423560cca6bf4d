package wazy_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wazy"
)

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, wazy.New(), "wazy", func(mode string) runnertest.Like {
		if mode == "jit" {
			return runnertest.Like{Mode: "compiler"} // the same one
		}
		return runnertest.Like{}
	})
}

func Benchmark(b *testing.B) { runnertest.Bench(b, wazy.New(), "wazy") }
