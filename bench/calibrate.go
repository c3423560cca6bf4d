package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"edgebench/bench/calibrate"
	"edgebench/bench/plan"
	"edgebench/results"
	"edgebench/runners"
)

// CalibrateOptions say what to calibrate.
type CalibrateOptions struct {
	calibrate.Options
	// Runners to calibrate, or systems (see plan.AllowsSystem); none means all that are
	// available.
	Runners []string
	// AllModes calibrates all of their modes, and not only those that stand
	// for them in the table of the default profile.
	AllModes bool
}

// Calibrate measures the harness itself. It leaves nothing behind, like a run.
func (h *Installation) Calibrate(ctx context.Context, o CalibrateOptions, obs Observer) (calibrate.Report, error) {
	x := &session{suite: h, observer: obs}
	if err := x.look(ctx, plan.RunnersOf(o.Runners)); err != nil {
		return calibrate.Report{}, err
	}
	if err := plan.CheckModes(o.Runners, x.survey.systems()); err != nil {
		return calibrate.Report{}, err
	}
	systems, err := representative(x.survey.Available, o)
	if err != nil {
		return calibrate.Report{}, err
	}
	if len(systems) == 0 {
		return calibrate.Report{}, plan.ErrNothing
	}
	token, err := newToken()
	if err != nil {
		return calibrate.Report{}, err
	}
	run := "calibrate-" + time.Now().UTC().Format("20060102-150405") + "-" + token
	if err := x.open(run, token, runnersIn(systems)); err != nil {
		return calibrate.Report{}, err
	}
	defer x.cleanUp()
	r, err := calibrate.Run(ctx, calibrate.Environment{
		Trials: x.trials, Systems: systems, Observer: obs,
		Artefact: h.artefactFor, Prepare: x.prepareOne, Exchange: h.firstExchange,
	}, o.Options)
	if ctx.Err() != nil {
		err = ErrInterrupted
	}
	return r, err
}

// representative keeps of each runner the modes that stand for it in the
// default profile's table; of a runner that is not in it, its default. Systems that are
// asked for by name are kept.
func representative(available []plan.System, o CalibrateOptions) ([]plan.System, error) {
	available = slices.DeleteFunc(slices.Clone(available), func(s plan.System) bool { return !plan.AllowsSystem(o.Runners, s) })
	if o.AllModes {
		return available, nil
	}
	c, err := plan.Profile("default")
	if err != nil {
		return nil, err
	}
	listed := append(c.Table.Systems(""), c.Table.Reference)
	named := func(s plan.System, mode string) bool {
		return slices.Contains(listed, results.System{Runner: s.Runner, Mode: mode})
	}
	var kept []plan.System
	for _, s := range available {
		any := slices.ContainsFunc(listed, func(l results.System) bool { return l.Runner == s.Runner })
		stands := named(s, s.System.Mode) || s.Mode.Default && (named(s, plan.Default) || !any)
		asked := len(o.Runners) > 0 && !slices.Contains(o.Runners, s.Runner) // by its mode
		if stands || asked {
			kept = append(kept, s)
		}
	}
	return kept, nil
}

func runnersIn(systems []plan.System) []string {
	var names []string
	for _, s := range systems {
		if !slices.Contains(names, s.Runner) {
			names = append(names, s.Runner)
		}
	}
	return names
}

// artefactFor builds a workload in C as a system takes it.
func (h *Installation) artefactFor(ctx context.Context, workload string, s plan.System) (runners.Artefact, error) {
	w, err := h.Set.Find(workload)
	if err != nil {
		return runners.Artefact{}, err
	}
	for _, language := range []string{"c", "c+component"} {
		if kind, ok := w.KindFor(language, s.Takes); ok {
			made, err := h.Builder.Build(ctx, w, language, kind)
			return made.Artefact, err
		}
	}
	return runners.Artefact{}, fmt.Errorf("%s in C is not built as %s takes it: %w", workload, s.System, runners.ErrUnavailable)
}

// firstExchange of a workload is the one that is timed.
func (h *Installation) firstExchange(workload string) (runners.Exchange, error) {
	w, err := h.Set.Find(workload)
	if err != nil {
		return runners.Exchange{}, err
	}
	return w.Exchanges[0], nil
}
