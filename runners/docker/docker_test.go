package docker_test

import (
	"testing"

	"edgebench/runners/docker"
	"edgebench/runners/runnertest"
)

func TestConformance(t *testing.T) { runnertest.Run(t, docker.New(), "docker") }

func Benchmark(b *testing.B) { runnertest.Bench(b, docker.New(), "docker") }
