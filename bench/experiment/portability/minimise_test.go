package portability_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"edgebench/bench/experiment"
	. "edgebench/bench/experiment/experimenttest"
	"edgebench/bench/experiment/portability"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
	"edgebench/runners/wasmfile"
)

// plantedFeature is what the runtime with a planted defect gets wrong.
const plantedFeature = runners.SaturatingConversion

// planted answers all modules alike, but those that need plantedFeature.
func planted(m agent.Module, o *agent.ModuleOutcome) {
	o.Refused, o.Requests = nil, make([]agent.CallOutcome, len(m.Requests))
	if slices.Contains(wasmfile.Features(m.Code), plantedFeature) {
		for i := range o.Requests {
			o.Requests[i].Response = []byte("wrong")
		}
	}
}

func needsReducer(t *testing.T) {
	t.Helper()
	for _, program := range []string{"wasm-opt", "wasm-reduce"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed: scripts/setup-debian.sh installs it (package binaryen)", program)
		}
	}
}

// minimisedText is the evidence of a module that was made smaller.
var minimisedText = regexp.MustCompile(`^differs from wazero/interpreter .* (\d+) bytes of (\d+), SHA-256 ([0-9a-f]{64}); in base64: (\S+)$`)

// A planted defect is found beside another runtime, and what is listed is a smaller module
// that still has it.
func TestPlantedDefectIsMinimised(t *testing.T) {
	needsReducer(t)
	right := &fakeRuntime{plant: func(m agent.Module, o *agent.ModuleOutcome) {
		o.Refused, o.Requests = nil, make([]agent.CallOutcome, len(m.Requests))
	}}
	wrong := &fakeRuntime{plant: planted}
	against := results.System{Runner: "wazero", Mode: "interpreter"}
	x := Trial(t, portability.Name, portability.Params(portability.AskDifferences), portability.Effort{Seed: seedWith(t, plantedFeature), Modules: 1, Against: against}, nil, nil)
	x.Start = wrong.start
	x.StartOther = func(runner string) (experiment.Agent, error) {
		if runner != against.Runner {
			t.Errorf("an agent of %s is asked for", runner)
		}
		return right.start()
	}
	// The deadline bounds how long wasm-reduce goes on.
	ctx, cancel := context.WithTimeout(t.Context(), 80*time.Second)
	defer cancel()
	r, err := portability.New().Run(ctx, x)
	must(t, err)
	if len(r.Checks) != 3 {
		t.Fatalf("%+v", r.Checks)
	}
	c := r.Checks[2]
	found := minimisedText.FindStringSubmatch(c.Evidence)
	if c.Group != portability.GroupMinimised || c.Name != r.Checks[0].Name || c.Result != portability.ResultMinimised || found == nil {
		t.Fatalf("%+v", c)
	}
	code, err := base64.StdEncoding.DecodeString(found[4])
	must(t, err)
	if sum := sha256.Sum256(code); hex.EncodeToString(sum[:]) != found[3] {
		t.Errorf("the SHA-256 is %x, listed is %s", sum, found[3])
	}
	if !slices.Contains(wasmfile.Features(code), plantedFeature) {
		t.Error("the smaller module does not need what is wrong")
	}
	if left, _ := strconv.Atoi(found[1]); left != len(code) || found[2] == found[1] {
		t.Errorf("%d bytes are listed, of which the evidence says %s of %s", len(code), found[1], found[2])
	}
}

// seedWith finds a seed whose module needs a feature.
func seedWith(t *testing.T, f runners.Feature) uint64 {
	t.Helper()
	for seed := range uint64(50) {
		all, err := portability.Modules(t.Context(), t.TempDir(), seed, 1)
		must(t, err)
		if slices.ContainsFunc(all, func(m agent.Module) bool { return slices.Contains(wasmfile.Features(m.Code), f) }) {
			return seed
		}
	}
	t.Fatalf("no module of 50 seeds needs %s", f)
	return 0
}

// Systems that agree have nothing that could be made smaller, and a system that is not of
// the run is none to compare with.
func TestNothingToMinimise(t *testing.T) {
	needsReducer(t)
	for name, other := range map[string]func(string) (experiment.Agent, error){
		"agrees":      func(string) (experiment.Agent, error) { return (&fakeRuntime{}).start() },
		"unavailable": func(string) (experiment.Agent, error) { return nil, protocol.NewError(runners.ErrUnavailable) },
	} {
		e := portability.Effort{Modules: 1, Against: results.System{Runner: "wazero", Mode: "interpreter"}}
		x := Trial(t, portability.Name, portability.Params(portability.AskDifferences), e, nil, nil)
		x.Start, x.StartOther = (&fakeRuntime{}).start, other
		if r, err := portability.New().Run(t.Context(), x); err != nil || len(r.Checks) != 2 {
			t.Errorf("%s: %+v (%v)", name, r.Checks, err)
		}
	}
}

// A module on which two systems agree is refused, and an error of one is passed on.
func TestMinimiseRefuses(t *testing.T) {
	needsReducer(t)
	f := &fakeRuntime{}
	side := portability.Side{Start: f.start}
	if _, err := portability.Minimise(t.Context(), agent.Module{Name: "seed-1"}, side, side, 0); err == nil {
		t.Error("systems that agree are taken")
	}
	broken := portability.Side{Start: func() (experiment.Agent, error) { return nil, errDied }}
	if _, err := portability.Minimise(t.Context(), agent.Module{Name: "seed-1"}, side, broken, 0); !errors.Is(err, errDied) {
		t.Errorf("%v", err)
	}
}
