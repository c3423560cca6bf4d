//go:build cgo && linux && wasmedge

package wasmedge_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wasmedge"
)

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, wasmedge.New(), "wasmedge", func(mode string) runnertest.Like {
		if mode == "aot" {
			return runnertest.Like{Mode: "aot-o0", Slow: true}
		}
		return runnertest.Like{}
	})
}

func Benchmark(b *testing.B) { runnertest.Bench(b, wasmedge.New(), "wasmedge") }
