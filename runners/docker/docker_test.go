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
	r := runners.Runner(withoutOwn{docker.New()})
	if testing.Short() {
		r = defaultOnly{r}
	}
	runnertest.RunLike(t, r, "docker", likeDefault)
}

// likeDefault names for a mode the one with the same OCI runtime on the bridge,
// from which it differs by its network alone, and for that the one with the default
// runtime.
func likeDefault(mode string) runnertest.Like {
	at := strings.LastIndexByte(mode, '-')
	switch runtime := mode[:at]; {
	case runtime == "runsc": // a kernel of its own, which has no bridge; the binaries are the same
		return runnertest.Like{Mode: "runc-bridge"}
	case mode[at:] != "-bridge":
		return runnertest.Like{Mode: runtime + "-bridge", Setting: true}
	case runtime != "runc":
		return runnertest.Like{Mode: "runc-bridge"}
	}
	return runnertest.Like{}
}

func Benchmark(b *testing.B) { runnertest.Bench(b, withoutOwn{docker.New()}, "docker") }

// withoutOwn makes the mode with an engine of its own unavailable: each of the suite's
// hundred artefacts would start one. TestOwnEngine tests it.
type withoutOwn struct{ runners.Runner }

func (r withoutOwn) Check(ctx context.Context) (runners.Info, error) {
	info, err := r.Runner.Check(ctx)
	for i := range info.Modes {
		if m := &info.Modes[i]; strings.HasPrefix(m.Name, runners.OwnEngine) && m.Unavailable == "" {
			m.Unavailable = "each artefact would start an engine: TestOwnEngine tests this mode"
		}
	}
	return info, err
}

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
