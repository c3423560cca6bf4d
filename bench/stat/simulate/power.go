package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"

	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/results"
	"edgebench/runners"

	"gonum.org/v1/gonum/stat/distuv"
)

// slowdown is what must be found.
const slowdown = 1.05

// everyTwentieth cell is slowed where power is simulated, so that one matrix
// tells of several; the others are as before.
func everyTwentieth(factor float64) func(i int) float64 {
	return func(i int) float64 {
		if i%20 == 7 {
			return factor
		}
		return 1
	}
}

// power is how often a slowdown of 5 % of one cell is found by the noise of
// its trials' medians.
func power(o options, _ []*cell) table {
	t := table{
		title: fmt.Sprintf("Power: slowdowns of 5 %% that are found, in %%, by the noise of trials' medians (standard deviation of log-normal noise), in a matrix of %d comparisons and alone.", o.comparisons()),
		head:  []string{"noise", "6 trials, matrix", "6 trials, alone", "10 trials, matrix", "10 trials, alone"},
	}
	spreads := []float64{0.005, 0.01, 0.02}
	if o.full {
		spreads = []float64{0.005, 0.0075, 0.01, 0.0125, 0.015, 0.02, 0.03, 0.05}
	}
	for _, spread := range spreads {
		m := noise{trial: func(r *rand.Rand, n int, _ float64) []float64 { return within(r, n, spread*r.NormFloat64(), 0) }}
		row := []string{fmt.Sprintf("%.3g %%", 100*spread)}
		for _, trials := range []int{6, 10} {
			r := rand.New(rand.NewPCG(o.seed, 8))
			var slowed, found, foundAlone int
			for i := range o.either(1, 12) {
				pairs, factor := make([]compare.Pair, o.comparisons()), everyTwentieth(slowdown)
				for j := range pairs {
					pairs[j] = pairOf(r, m, trials, factor(j))
				}
				for j, c := range compare.Compare(pairs, compare.DefaultCriteria(uint64(i))).Comparisons {
					if factor(j) == 1 {
						continue
					}
					slowed++
					if c.Verdict == compare.Slower {
						found++
					}
					if compare.Compare(pairs[j:j+1], compare.DefaultCriteria(uint64(i))).Comparisons[0].Verdict == compare.Slower {
						foundAlone++
					}
				}
			}
			row = append(row, percent(found, slowed), percent(foundAlone, slowed))
		}
		t.add(row...)
	}
	return t
}

// realPower slows real cells, with the trials that the default profile gave
// them.
func realPower(o options, cells []*cell) table {
	t := table{
		title: fmt.Sprintf("Power on noise resampled from a real run, in its matrix of %d comparisons with the default profile's 6 or 10 trials: slowdowns that are found, in %%, by how noisy the cell is among all.", len(cells)),
		head:  []string{"slowdown", "all cells", "calmest quarter", "second", "third", "noisiest quarter"},
	}
	sorted := some(cells, len(cells))
	factors := []float64{1.05, 1.2, 1.5, 2, 3}
	for _, factor := range factors[:o.either(1, len(factors))] {
		r := rand.New(rand.NewPCG(o.seed, 9))
		var slowed, found [5]int
		for i := range o.either(2, 24) {
			by := func(j int) float64 { return everyTwentieth(factor)(j + i) } // another twentieth each time
			for j, c := range compare.Compare(measured(sorted, by).pairs(r), compare.DefaultCriteria(uint64(i))).Comparisons {
				if by(j) == 1 {
					continue
				}
				for _, k := range []int{0, 1 + 4*j/len(sorted)} {
					slowed[k]++
					if c.Verdict == compare.Slower {
						found[k]++
					}
				}
			}
		}
		row := []string{fmt.Sprintf("%.0f %%", 100*(factor-1))}
		for k := range slowed {
			row = append(row, percent(found[k], slowed[k]))
		}
		t.add(row...)
	}
	return t
}

// tally counts cells that were slowed, and how many of them were found, in their
// matrix and alone.
type tally struct{ slowed, found, alone int }

// kind is what cells have in common whose noise is alike.
type kind struct {
	metric string
	rung   results.Rung
	of     string
}

// kindOf a cell: a module runs in its agent, a program beside it, and its answer
// waits for a wake-up.
func kindOf(k stat.Key) kind {
	of := "programs"
	if e, ok := runners.Find(k.Runner); ok && e.TakesWasm() {
		of = "modules"
	}
	return kind{k.Metric, k.Rung(), of}
}

// kinds lists all, in the order of the table.
func kinds() []kind {
	var list []kind
	for _, metric := range resampled {
		for _, rung := range results.Rungs() {
			for _, of := range []string{"modules", "programs"} {
				list = append(list, kind{metric, rung, of})
			}
		}
	}
	return list
}

// rungPower slows real cells as realPower does, by what is compared of them.
func rungPower(o options, cells []*cell) table {
	t := table{
		title: "Power on noise resampled from a real run, as above, by what is compared: slowdowns that are found, in %, in the matrix and alone.",
		head:  []string{"what", "rung", "of", "cells", "trials", "middle noise", "5 %", "alone", "8 %", "alone", "20 %", "alone"},
	}
	tallies, spreads, trials := map[kind]*[3]tally{}, map[kind][]float64{}, map[kind][]float64{}
	for _, c := range cells {
		k := kindOf(c.key)
		spreads[k], trials[k], tallies[k] = append(spreads[k], c.spread), append(trials[k], float64(c.trials)), &[3]tally{}
	}
	factors := []float64{1.05, 1.08, 1.2}
	for f, factor := range factors[:o.either(1, len(factors))] {
		r := rand.New(rand.NewPCG(o.seed, 13))
		for i := range o.either(1, 24) {
			by := func(j int) float64 { return everyTwentieth(factor)(j + i) }
			pairs := measured(cells, by).pairs(r)
			for j, c := range compare.Compare(pairs, halved(uint64(i))).Comparisons {
				if by(j) > 1 {
					tallies[kindOf(cells[j].key)][f].count(c, pairs[j], uint64(i))
				}
			}
		}
	}
	for _, k := range kinds() {
		if tallies[k] == nil {
			continue
		}
		row := []string{k.metric, string(k.rung), k.of, fmt.Sprint(len(spreads[k])),
			fmt.Sprintf("%.0f", stat.Median(trials[k])), fmt.Sprintf("%.1f %%", 100*stat.Median(spreads[k]))}
		for _, n := range tallies[k] {
			row = append(row, percent(n.found, n.slowed), percent(n.alone, n.slowed))
		}
		t.add(row...)
	}
	return t
}

// count a cell that was slowed, as its matrix judges it.
func (n *tally) count(c compare.Comparison, p compare.Pair, seed uint64) {
	n.slowed++
	if c.Verdict == compare.Slower {
		n.found++
	}
	if compare.Compare([]compare.Pair{p}, halved(seed)).Comparisons[0].Verdict == compare.Slower {
		n.alone++
	}
}

// halved are the criteria of single cells: the other half is for runners.
func halved(seed uint64) compare.Criteria {
	c := compare.DefaultCriteria(seed)
	c.Level /= 2
	return c
}

// trialsNeeded says how many trials would find 5 % in cells as noisy as the
// real ones.
func trialsNeeded(o options, cells []*cell) table {
	t := table{
		title: "What it takes on the real run's noise: cells from calm to noisy, the smallest slowdown found in 95 % of cases with their own trials, and the trials on each side that find 5 %, in a matrix of 200 and alone (normal theory; checked: what a simulation finds with the number for alone, in %).",
		head:  []string{"cells with less noise", "noise of medians", "trials", "finds, matrix", "finds, alone", "needs, matrix", "needs, alone", "checked"},
	}
	const all = 200 // comparisons
	sorted := some(cells, len(cells))
	for _, share := range []float64{0, 0.1, 0.25, 0.5, 0.75, 0.9} {
		c := sorted[int(share*float64(len(sorted)-1))]
		alone := needed(c.spread, 0.01)
		checked := "–"
		if o.full && alone <= 700 {
			checked = check(o, c, alone)
		}
		t.add(fmt.Sprintf("%.0f %%", 100*share), fmt.Sprintf("%.1f %%", 100*c.spread), fmt.Sprint(c.trials),
			fmt.Sprintf("%.0f %%", 100*(finds(c.spread, c.trials, 0.01/all)-1)),
			fmt.Sprintf("%.0f %%", 100*(finds(c.spread, c.trials, 0.01)-1)),
			fmt.Sprint(needed(c.spread, 0.01/all)), fmt.Sprint(alone), checked)
	}
	return t
}

// finds is the ratio that n trials on each side find with compare.Power at a level.
func finds(spread float64, n int, level float64) float64 {
	d := distuv.StudentsT{Sigma: 1, Nu: float64(2*n - 2)}
	return math.Exp((d.Quantile(1-level/2) + d.Quantile(compare.Power)) * spread * math.Sqrt(2/float64(n)))
}

// needed is the minimum number of trials on each side that find the slowdown, and
// that give an interval.
func needed(spread, level float64) int {
	const most = 1 << 20
	return minTrials + sort.Search(most, func(n int) bool { return finds(spread, n+minTrials, level) <= slowdown })
}

// check simulates comparisons with n trials on each side.
func check(o options, c *cell, n int) string {
	r := rand.New(rand.NewPCG(o.seed, 10))
	const runs = 40
	found := 0
	for i := range runs {
		p := pairOf(r, c.noise(), n, slowdown)
		if compare.Compare([]compare.Pair{p}, compare.DefaultCriteria(uint64(i))).Comparisons[0].Verdict == compare.Slower {
			found++
		}
	}
	return percent(found, runs)
}
