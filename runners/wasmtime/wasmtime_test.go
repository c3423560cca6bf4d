package wasmtime_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wasmtime"
)

// like names for a mode the one from which it differs by a setting of the engine.
var like = map[string]string{
	"aot-pooling-decommit": "aot-pooling",
	"aot-dense":            "aot",
	"aot-epochs":           "aot",
	"aot-fuel":             "aot",
}

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, wasmtime.New(), "wasmtime", func(mode string) string { return like[mode] })
}

func Benchmark(b *testing.B) { runnertest.Bench(b, wasmtime.New(), "wasmtime") }
