package v8_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/v8"
)

func TestConformance(t *testing.T) { runnertest.Run(t, v8.New(), "v8") }

func Benchmark(b *testing.B) { runnertest.Bench(b, v8.New(), "v8") }
