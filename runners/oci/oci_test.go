package oci_test

import (
	"testing"

	"edgebench/runners/oci"
	"edgebench/runners/runnertest"
)

func TestConformance(t *testing.T) {
	runnertest.RunLike(t, oci.New(), "oci", func(mode string) runnertest.Like {
		if mode == "embedded" {
			return runnertest.Like{}
		}
		return runnertest.Like{Mode: "embedded"} // the same binaries
	})
}

func Benchmark(b *testing.B) { runnertest.Bench(b, oci.New(), "oci") }
