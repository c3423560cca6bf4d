package wasmer_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wasmer"
)

// like names for a mode the one from which it differs by a setting of the compiler.
var like = map[string]string{
	"cranelift-aot-metering": "cranelift-aot",
}

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, wasmer.New(), "wasmer", func(mode string) string { return like[mode] })
}

func Benchmark(b *testing.B) { runnertest.Bench(b, wasmer.New(), "wasmer") }
