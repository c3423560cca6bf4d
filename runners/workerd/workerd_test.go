package workerd_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/workerd"
)

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, workerd.New(), "workerd", func(mode string) runnertest.Like {
		if mode == "isolate" {
			return runnertest.Like{}
		}
		return runnertest.Like{Mode: "isolate"}
	})
}

func Benchmark(b *testing.B) { runnertest.Bench(b, workerd.New(), "workerd") }
