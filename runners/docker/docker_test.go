package docker_test

import (
	"context"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/docker"
	"edgebench/runners/runnertest"
)

func TestConformance(t *testing.T) {
	r := docker.New()
	if testing.Short() {
		r = defaultOnly{r}
	}
	runnertest.RunLike(t, r, "docker", likeDefault)
}

// likeDefault names for a mode the one with the same OCI runtime on the bridge,
// from which it differs by its network alone.
func likeDefault(mode string) string {
	at := strings.LastIndexByte(mode, '-')
	if runtime := mode[:at]; mode[at:] != "-bridge" && runtime != "runsc" { // which has no bridge
		return runtime + "-bridge"
	}
	return ""
}

func Benchmark(b *testing.B) { runnertest.Bench(b, docker.New(), "docker") }

// defaultOnly makes all modes but the default unavailable: each takes the suite
// a quarter of a minute or more.
type defaultOnly struct{ runners.Runner }

func (r defaultOnly) Check(ctx context.Context) (runners.Info, error) {
	info, err := r.Runner.Check(ctx)
	for i := range info.Modes {
		if m := &info.Modes[i]; !m.Default && m.Unavailable == "" {
			m.Unavailable = "-short tests the default mode alone"
		}
	}
	return info, err
}
