package bench

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"edgebench/results"
	"edgebench/runners"
)

// losing makes the engine of the mode "engine" fail all trials, and not answer, from
// the second trial on until it was asked a number of times.
func losing(t *testing.T, asked int, budget time.Duration) (*session, *fake, *notes) {
	lost := 0
	x, f, n := newFake(t, func(mode string, before int) error {
		if mode == "engine" && before >= 1 && lost <= asked {
			return runners.ErrUnavailable
		}
		return nil
	}, "engine", "other")
	until := time.Now().Add(budget)
	x.engines = &engines{
		systems: []results.System{fakeCell("engine").System}, step: n.Step, note: n.Note,
		until: func() time.Time { return until },
		ask: func(context.Context, results.System) error {
			if lost++; lost <= asked {
				return errors.New("it does not answer")
			}
			return nil
		},
	}
	return x, f, n
}

func TestALostEngineIsWaitedFor(t *testing.T) {
	x, _, n := losing(t, 3, time.Hour)
	sum, err := x.measure(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if sum.OK != 10 || sum.Unavailable != 0 || sum.GivenUp != 0 || sum.Left != 0 {
		t.Errorf("the summary is %+v", sum)
	}
	if len(n.list) != 2 || !strings.Contains(n.list[0], "r/engine is lost") || !strings.Contains(n.list[0], "it does not answer") || n.list[1] != "r/engine is there again" {
		t.Errorf("noted is %q", n.list)
	}
}

// Trials of a lost engine leave no records: the run can be completed.
func TestALostEngineEndsTheRun(t *testing.T) {
	x, f, _ := losing(t, 1<<30, 0)
	sum, err := x.measure(t.Context(), nil)
	if !errors.Is(err, ErrLost) || !strings.Contains(err.Error(), "r/engine is not there any more: it does not answer") {
		t.Errorf("the run ended with %v", err)
	}
	if sum.Unavailable != 0 || sum.Left == 0 || sum.OK+sum.Left != 10 || f.done["engine"] != 2 {
		t.Errorf("the summary is %+v, trials %v", sum, f.done)
	}
}

// What is unavailable though its engine answers is the trial's own outcome.
func TestAnEngineThatAnswersIsNotLost(t *testing.T) {
	x, _, n := losing(t, -1, time.Hour)
	x.trials.Experiments["fake"].(*fake).outcome = func(string, int) error { return runners.ErrUnavailable }
	sum, err := x.measure(t.Context(), nil)
	if err != nil || sum.Unavailable != 4 || sum.GivenUp != 6 || len(n.list) != 2 {
		t.Errorf("%+v, %v, noted %q", sum, err, n.list)
	}
}
