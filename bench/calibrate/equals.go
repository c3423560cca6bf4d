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

// Bounds of the comparison of equals: how many pairs there are, and how many blocks
// a pair that is undecided gets at most.
const (
	mostPairs       = 40
	mostPairsQuick  = 12
	equalBlocks     = 40
	equalBlocksFast = 12
)

// equals measures cells under two names, from the plan to the comparison. A pair
// that the comparison calls the same gets no further trials.
func (x *calibration) equals(ctx context.Context, r *Report) error {
	number, blocks := mostPairs, equalBlocks
	if x.Quick {
		number, blocks = mostPairsQuick, equalBlocksFast
	}
	pairs, err := x.pairs(ctx, number)
	if err != nil || len(pairs) == 0 {
		return err
	}
	blocks *= max(1, x.Patience)
	p, err := plan.Make(x.equalsConfig(pairs, blocks), x.equalsInventory(pairs), plan.Filter{}, x.Trials.Run, x.Seed)
	if err != nil {
		return fmt.Errorf("plan the comparison of equals: %w", err)
	}
	records, err := x.measureEquals(ctx, p, pairs)
	if err != nil {
		return err
	}
	r.AA = x.alarms(pairs, records)
	return nil
}

// lookEvery is the number of blocks after which pairs are compared again.
const lookEvery = 4

// measureEquals runs the trials until all pairs are the same or the time is over.
func (x *calibration) measureEquals(ctx context.Context, p results.Plan, pairs []pair) ([]results.Record, error) {
	var records []results.Record
	same := map[string]bool{} // names of both sides
	until := runners.Now() + x.budget(AA)*2
	block := 0
	for _, t := range p.Trials() {
		if t.Block != block {
			if block = t.Block; block >= minBlocks && block%lookEvery == 0 {
				x.findSame(pairs, records, same)
			}
		}
		if t.Block >= minBlocks && runners.Now() > until {
			break
		}
		if same[t.Workload] {
			continue
		}
		x.Observer.Step(fmt.Sprintf("%s: block %d, %d of %d pairs are undecided: %s", AA, t.Block+1, len(pairs)-len(same)/2, len(pairs), t.Cell))
		record, err := x.do(ctx, t)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			return nil, fmt.Errorf("compare equals: %s: %w", t.Cell, err)
		}
		records = append(records, record)
	}
	return records, nil
}

// findSame adds the names of pairs that are called the same by now.
func (x *calibration) findSame(pairs []pair, records []results.Record, same map[string]bool) {
	for _, c := range compare.Compare(pairsOf(pairs, records), compare.DefaultCriteria(x.Seed)).Comparisons {
		if c.Verdict == compare.Same {
			same[c.Old.Workload], same[c.New.Workload] = true, true
		}
	}
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

// pairsOf are the samples of both sides of each pair.
func pairsOf(pairs []pair, records []results.Record) []compare.Pair {
	samples, _ := stat.Group(diagnose.Judge(results.Environment{}, records))
	of := func(p pair, side string) *stat.Sample {
		return samples.Get(stat.Key{Metric: coldstart.FirstResponse, Cell: results.Cell{
			System: p.system.System, Artefact: results.Artefact{Workload: p.name(side), Build: build},
			Experiment: coldstart.Name, Params: coldstart.WarmParams(p.rung),
		}})
	}
	var list []compare.Pair
	for _, p := range pairs {
		if l, r := of(p, left), of(p, right); l != nil && r != nil {
			list = append(list, compare.Pair{Old: l, New: r})
		}
	}
	return list
}

// alarms compares left with right.
func (x *calibration) alarms(pairs []pair, records []results.Record) *Alarms {
	list := pairsOf(pairs, records)
	a := &Alarms{Pairs: len(list)}
	for _, p := range list {
		a.Trials = max(a.Trials, len(p.Old.Trials))
	}
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
			a.Alarmed = append(a.Alarmed, fmt.Sprintf("%s and %s: %s, %.4g (%s)", c.Old.Cell, c.New.Cell, c.Verdict, c.Ratio.Value, c.Reason))
		}
	}
	a.judge()
}

// judge passes equals only if each pair is called the same.
func (a *Alarms) judge() {
	switch {
	case a.Faster+a.Slower > 0:
		a.Verdict, a.Reason = Fail, fmt.Sprintf("%d of %d pairs of equals are called different", a.Faster+a.Slower, a.Pairs)
	case a.Undecided > 0 || a.Pairs == 0:
		a.Verdict = Undecided
		a.Reason = fmt.Sprintf("%d of %d pairs have an interval wider than the band of the comparison: more trials would decide them (--patience), or an idle machine", a.Undecided, a.Pairs)
	default:
		a.Verdict = Pass
	}
}
