package v8_test

import (
	"testing"

	"edgebench/runners/runnertest"
	v8 "edgebench/runners/v8"
)

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, v8.New(), "v8", func(mode string) runnertest.Like {
		if mode == "isolate" {
			return runnertest.Like{}
		}
		return runnertest.Like{Mode: "isolate"} // which has both compilers
	})
}

func Benchmark(b *testing.B) { runnertest.Bench(b, v8.New(), "v8") }
