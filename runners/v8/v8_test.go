package v8_test

import (
	"testing"

	"edgebench/runners/runnertest"
	v8 "edgebench/runners/v8"
)

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, v8.New(), "v8", func(mode string) runnertest.Like {
		switch mode {
		case "context", "instance": // the same compilers, and another scope
			return runnertest.Like{Mode: "isolate"}
		case "isolate-turbofan":
			return runnertest.Like{Mode: "isolate-cached"}
		}
		return runnertest.Like{}
	})
}

func Benchmark(b *testing.B) { runnertest.Bench(b, v8.New(), "v8") }
