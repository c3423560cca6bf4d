package oci_test

import (
	"testing"

	"edgebench/runners/oci"
	"edgebench/runners/runnertest"
)

func TestConformance(t *testing.T) { runnertest.Run(t, oci.New(), "oci") }

func Benchmark(b *testing.B) { runnertest.Bench(b, oci.New(), "oci") }
