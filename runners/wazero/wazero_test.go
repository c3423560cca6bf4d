package wazero_test

import (
	"testing"

	"edgebench/runners/runnertest"
	"edgebench/runners/wazero"
)

func TestConformance(t *testing.T) { runnertest.Run(t, wazero.New(), "wazero") }

func Benchmark(b *testing.B) { runnertest.Bench(b, wazero.New(), "wazero") }
