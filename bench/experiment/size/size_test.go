package size

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

func trialOf(runner string, a runners.Artefact) *experiment.Trial {
	return &experiment.Trial{
		Cell:    results.Cell{System: results.System{Runner: runner, Mode: "any"}, Experiment: Name},
		Subject: protocol.Subject{Prepared: runners.Prepared{Artefact: a, Shipped: 10, Stored: 30}},
		Start:   func() (experiment.Agent, error) { return nil, errors.New("size needs no agent") },
	}
}

// What is shipped and kept comes from preparing, the rest from the artefact; a
// container ships a binary as an image.
func TestResult(t *testing.T) {
	a := someArtefact(t)
	for runner, layers := range map[string]float64{"process": 0, "docker": 1} {
		r, err := New().Run(t.Context(), trialOf(runner, a))
		if err != nil {
			t.Fatal(err)
		}
		got := byName(t, r.Metrics)
		if got[Artefact] != 10 || got[Prepared] != 30 || got[Compressed] <= 0 || got[Layers] != layers {
			t.Errorf("%s: %v", runner, got)
		}
	}
}

// An artefact is measured once, ahead of the trials where it is prepared for.
func TestMeasuredOnce(t *testing.T) {
	a := someArtefact(t)
	e := New()
	trial := trialOf("process", a)
	e.(experiment.Preparer).Prepare(t.Context(), []experiment.Candidate{{Cell: trial.Cell, Artefact: a}})
	first, err := e.Run(t.Context(), trial)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(a.Path); err != nil {
		t.Fatal(err)
	}
	again, err := e.Run(t.Context(), trial)
	if d := cmp.Diff(first, again); d != "" || err != nil {
		t.Errorf("%v, %s", err, d)
	}
}

func TestWhatCannotBeReadFailsItsTrials(t *testing.T) {
	a := someArtefact(t)
	a.Path += "-gone"
	e := New()
	e.(experiment.Preparer).Prepare(t.Context(), []experiment.Candidate{{Cell: trialOf("process", a).Cell, Artefact: a}})
	if _, err := e.Run(t.Context(), trialOf("process", a)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New().Run(ctx, trialOf("process", someArtefact(t))); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
