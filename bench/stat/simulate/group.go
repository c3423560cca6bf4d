package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
)

// A change gives by how much a cell of the second run is slower.
type change func(r *rand.Rand, c *cell) float64

func runnerOf(k stat.Key) string { return k.Runner }

// compareGroups compares two runs of the real cells, resampled, between which
// something has changed, by runner.
func compareGroups(r *rand.Rand, cells []*cell, noises []noise, by change, seed uint64) ([]compare.GroupComparison, compare.Family) {
	pairs := make([]compare.Pair, len(cells))
	for i, c := range cells {
		p := pairOf(r, noises[i], c.trials, by(r, c))
		p.Old.Key, p.New.Key = c.key, c.key
		pairs[i] = p
	}
	c := halved(seed)
	family := compare.Compare(pairs, c)
	return compare.CompareGroups(family, runnerOf, c), family
}

// minCells is the number of cells that make a group.
const minCells = 6

// spreadsOf is the noise of the cells that a runner is judged by, as compare.CompareGroups
// chooses them.
func spreadsOf(cells []*cell, runner string) []float64 {
	var minima, others []float64
	for _, c := range cells {
		switch {
		case c.key.Runner != runner:
		case c.key.Metric == coldstart.Minimum:
			minima = append(minima, c.spread)
		default:
			others = append(others, c.spread)
		}
	}
	if len(minima) >= minCells {
		return minima
	}
	return others
}

func noisesOf(cells []*cell) []noise {
	list := make([]noise, len(cells))
	for i, c := range cells {
		list[i] = c.noise()
	}
	return list
}

// groupAlarms compares runners between which nothing has changed.
func groupAlarms(o options, cells []*cell) table {
	t := table{
		title: "Runners, on noise resampled from a real run in its own cells: false alarms where no runner has changed, in %, of families of all runners with any slower or faster, of single runners, and of families with any cell that is; and coverage of the 95 % intervals.",
		head:  []string{"what has changed", "families with any", "runners", "families with a cell", "coverage"},
	}
	for _, m := range []struct {
		name string
		// moved is by how much all are slower, as each interval should say.
		moved, luck float64
	}{
		{"nothing", 1, 0},
		{"the whole second run is 8 % slower", 1.08, 0},
		{"each cell has its own luck of the run, of 2 %", 1, 0.02},
	} {
		r := rand.New(rand.NewPCG(o.seed, 11))
		noises := noisesOf(cells)
		var any, anyCell, alarms, covered, runners int
		families := o.either(1, 200)
		for i := range families {
			before := alarms
			luck := func(r *rand.Rand, _ *cell) float64 { return m.moved * math.Exp(m.luck*r.NormFloat64()) }
			groups, family := compareGroups(r, cells, noises, luck, uint64(i))
			if slices.ContainsFunc(family.Comparisons, changed) {
				anyCell++
			}
			for _, j := range groups {
				runners++
				if j.Verdict == compare.Slower || j.Verdict == compare.Faster {
					alarms++
				}
				if j.Ratio.Interval.Contains(m.moved) {
					covered++
				}
			}
			if alarms > before {
				any++
			}
		}
		t.add(m.name, percent(any, families), percent(alarms, runners), percent(anyCell, families), percent(covered, runners))
	}
	return t
}

// groupPower slows one runner after the other.
func groupPower(o options, cells []*cell) table {
	t := table{
		title: "Runners, as above: slowdowns of one runner that are found, in %; and alarms of the others while it is 8 % slower, in % of families.",
		head:  []string{"runner", "cells", "middle noise", "found in 95 % of cases", "3 %", "5 %", "8 %", "alarms"},
	}
	noises := noisesOf(cells)
	factors := []float64{1.03, 1.05, 1.08}
	families := o.either(1, 40)
	all := runnersOf(cells)
	for _, name := range all[:o.either(min(2, len(all)), len(all))] {
		var detectable []float64
		spreads := spreadsOf(cells, name)
		var found [3]int
		alarms := 0
		for k, factor := range factors {
			r := rand.New(rand.NewPCG(o.seed, 12))
			for i := range families {
				alarmed := false
				groups, _ := compareGroups(r, cells, noises, only(name, factor), uint64(i))
				for _, j := range groups {
					switch {
					case j.Name == name:
						detectable = append(detectable, j.Detectable)
						if j.Verdict == compare.Slower {
							found[k]++
						}
					case j.Verdict == compare.Slower, j.Verdict == compare.Faster:
						alarmed = true
					}
				}
				if alarmed && factor == 1.08 {
					alarms++
				}
			}
		}
		row := []string{name, fmt.Sprint(len(spreads)), fmt.Sprintf("%.1f %%", 100*stat.Median(spreads)), fmt.Sprintf("%.0f %%", 100*(stat.Median(detectable)-1))}
		for _, n := range found {
			row = append(row, percent(n, families))
		}
		t.add(append(row, percent(alarms, families))...)
	}
	return t
}

// only slows one runner.
func only(name string, factor float64) change {
	return func(_ *rand.Rand, c *cell) float64 {
		if c.key.Runner == name {
			return factor
		}
		return 1
	}
}

// runnersOf names those of the cells, in order.
func runnersOf(cells []*cell) []string {
	var names []string
	for _, c := range cells {
		names = append(names, c.key.Runner)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
