package calibrate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/plan"
	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/diagnose"
	"edgebench/results"
	"edgebench/runners"
)

// The sides of a pair of equals.
const (
	left  = "left"
	right = "right"
)

// pair is one cell under two names.
type pair struct {
	system plan.System
	rung   results.Rung
	n      int
}

func (p pair) name(side string) string { return fmt.Sprintf("noop-%02d-%s", p.n, side) }

// equals measures cells under two names, from the plan to the comparison.
func (x *calibration) equals(ctx context.Context, r *Report) error {
	number, blocks := 40, 8
	if x.Quick {
		number, blocks = 12, minBlocks
	}
	pairs, err := x.pairs(ctx, number)
	if err != nil || len(pairs) == 0 {
		return err
	}
	p, err := plan.Make(x.equalsConfig(pairs, blocks), x.equalsInventory(pairs), plan.Filter{}, x.Trials.Run, x.Seed)
	if err != nil {
		return fmt.Errorf("plan the comparison of equals: %w", err)
	}
	var records []results.Record
	until := runners.Now() + x.budget(AA)*2
	trials := p.Trials()
	for i, t := range trials {
		if t.Block >= minBlocks && runners.Now() > until {
			break
		}
		x.Observer.Step(fmt.Sprintf("%s: trial %d of %d: %s", AA, i+1, len(trials), t.Cell))
		record, err := x.do(ctx, t)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("compare equals: %s: %w", t.Cell, err)
		}
		records = append(records, record)
	}
	r.AA = x.alarms(pairs, records)
	return nil
}

// pairs takes the rungs of all systems in turn that take no longer than some
// milliseconds, so that there is time for as many as this.
func (x *calibration) pairs(ctx context.Context, number int) ([]pair, error) {
	var cells []pair
	for _, s := range x.Systems {
		takes := func(r results.Rung) bool { return slices.Contains(s.Mode.Rungs, r) }
		if slices.Contains(s.Takes, runners.Image) {
			continue // containers start in more than that
		}
		for _, rung := range []results.Rung{results.Hot, results.Pooled} {
			if takes(rung) {
				cells = append(cells, pair{system: s, rung: rung})
			}
		}
	}
	if len(cells) == 0 {
		return nil, nil
	}
	var pairs []pair
	for i := range number {
		p := cells[i%len(cells)]
		p.n = i
		pairs = append(pairs, p)
	}
	for i, c := range cells[:min(number, len(cells))] {
		var names []string
		for j := i; j < number; j += len(cells) {
			names = append(names, pairs[j].name(left), pairs[j].name(right))
		}
		if err := x.offerFirst(ctx, c.system, "noop", names...); err != nil {
			return nil, fmt.Errorf("compare equals: %s: %w", c.system.System, err)
		}
	}
	return pairs, nil
}

// equalsConfig asks for both names of each pair.
func (x *calibration) equalsConfig(pairs []pair, blocks int) plan.Config {
	c := plan.Config{Profile: string(AA), Deadline: experiment.Duration(deadline)}
	for _, p := range pairs {
		c.Matrix = append(c.Matrix, plan.Entry{
			Experiment: coldstart.Name, Runners: []string{p.system.Runner}, Modes: []string{p.system.System.Mode},
			Workloads: []string{p.name(left), p.name(right)}, Blocks: blocks,
			Parameters: &coldstart.Parameters{
				Rungs:  []results.Rung{p.rung},
				Effort: coldstart.Effort{Iterations: 20, Duration: experiment.Duration(20 * time.Millisecond)},
			},
		})
	}
	return c
}

func (x *calibration) equalsInventory(pairs []pair) plan.Inventory {
	inv := plan.Inventory{
		Systems: x.Systems, Cores: 1,
		Build: func(results.Artefact, plan.System) (plan.Use, bool) { return plan.Use{}, true },
	}
	for _, p := range pairs {
		for _, side := range []string{left, right} {
			inv.Workloads = append(inv.Workloads, plan.Workload{Name: p.name(side), Builds: []string{build}})
		}
	}
	return inv
}

// alarms compares left with right.
func (x *calibration) alarms(pairs []pair, records []results.Record) *Alarms {
	samples, _ := stat.Group(diagnose.Judge(results.Environment{}, records))
	of := func(p pair, side string) *stat.Sample {
		return samples.Get(stat.Key{Metric: coldstart.FirstResponse, Cell: results.Cell{
			System: p.system.System, Artefact: results.Artefact{Workload: p.name(side), Build: build},
			Experiment: coldstart.Name, Params: coldstart.WarmParams(p.rung),
		}})
	}
	a := &Alarms{Verdict: Pass}
	var list []compare.Pair
	for _, p := range pairs {
		if l, r := of(p, left), of(p, right); l != nil && r != nil {
			list = append(list, compare.Pair{Old: l, New: r})
			a.Trials = len(l.Trials)
		}
	}
	a.Pairs = len(list)
	a.compare(list, x.Seed)
	return a
}

// compare counts what the comparison says of equals. It is what `benchrun
// compare` decides with.
func (a *Alarms) compare(pairs []compare.Pair, seed uint64) {
	criteria := compare.DefaultCriteria(seed)
	a.Level = criteria.Level
	for _, c := range compare.Compare(pairs, criteria).Comparisons {
		if c.Ratio.Interval != nil && !c.Ratio.Interval.Contains(1) {
			a.Bare++
		}
		switch c.Verdict {
		case compare.Same:
			a.Same++
		case compare.Undecided:
			a.Undecided++
		case compare.Faster:
			a.Faster++
		case compare.Slower:
			a.Slower++
		}
		if c.Verdict == compare.Faster || c.Verdict == compare.Slower {
			a.Verdict = Fail
			a.Alarmed = append(a.Alarmed, fmt.Sprintf("%s and %s: %s, %.4g (%s)", c.Old.Cell, c.New.Cell, c.Verdict, c.Ratio.Value, c.Reason))
		}
	}
}
