package process_test

import (
	"testing"

	"edgebench/runners/process"
	"edgebench/runners/runnertest"
)

func TestConformance(t *testing.T) { runnertest.Run(t, process.New(), "process") }

func Benchmark(b *testing.B) { runnertest.Bench(b, process.New(), "process") }
