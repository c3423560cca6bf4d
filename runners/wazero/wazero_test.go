package wazero_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wazero"
)

// like names for a mode the one from which it differs by a setting of the compiler.
var like = map[string]string{
	"compiler-workers":       "compiler",
	"compiler-interruptible": "compiler",
}

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, wazero.New(), "wazero", func(mode string) string { return like[mode] })
}

func Benchmark(b *testing.B) { runnertest.Bench(b, wazero.New(), "wazero") }
