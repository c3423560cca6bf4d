package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/diagnose"
)

// matrix makes a family of pairs. Half of them have 6 trials and half 10, as in
// the default profile; measured cells have what they have.
type matrix struct {
	name  string
	pairs func(r *rand.Rand) []compare.Pair
}

// comparisons is the number of those of a synthetic matrix.
func (o options) comparisons() int { return o.either(60, 200) }

// pairOf draws both sides of a comparison; factor says by how much the new one
// is slower.
func pairOf(r *rand.Rand, m noise, trials int, factor float64) compare.Pair {
	return compare.Pair{Old: m.sample(r, trials, 1, 1), New: m.sample(r, trials, 1, factor)}
}

// trialsOf is the number of trials of cell i of a synthetic matrix.
func trialsOf(i int) int { return 6 + 4*(i%2) }

func uniform(o options, name string, m noise, factor float64) matrix {
	return matrix{name, func(r *rand.Rand) []compare.Pair {
		pairs := make([]compare.Pair, o.comparisons())
		for i := range pairs {
			pairs[i] = pairOf(r, m, trialsOf(i), factor)
		}
		return pairs
	}}
}

// measured gives each cell its own noise; slowed says which are slower and by
// how much.
func measured(cells []*cell, slowed func(i int) float64) matrix {
	noises := make([]noise, len(cells))
	for i, c := range cells {
		noises[i] = c.noise()
	}
	return matrix{"resampled from a real run, each cell its own", func(r *rand.Rand) []compare.Pair {
		pairs := make([]compare.Pair, len(cells))
		for i, c := range cells {
			pairs[i] = pairOf(r, noises[i], c.trials, slowed(i))
		}
		return pairs
	}}
}

func changed(c compare.Comparison) bool {
	return c.Verdict == compare.Slower || c.Verdict == compare.Faster
}

// falseAlarms compares runs between which nothing has changed.
func falseAlarms(o options, cells []*cell) table {
	t := table{
		title: fmt.Sprintf("False alarms where nothing changed, in %%: comparisons made alone that are called faster or slower, and whole matrices (of %d comparisons; of %d for the real run) with any such.", o.comparisons(), len(cells)),
		head:  []string{"noise", "alone", "in a matrix", "matrices with any"},
	}
	var list []matrix
	for _, m := range synthetic() {
		list = append(list, uniform(o, label(m), m, 1))
	}
	drifted := synthetic()[1]
	list = append(list,
		uniform(o, drifted.name+"; the whole second run 8 % slower", drifted, 1.08),
		measured(cells, func(int) float64 { return 1 }))
	for _, m := range list {
		r := rand.New(rand.NewPCG(o.seed, 6))
		var alone, single, made, within, any int
		matrices := o.either(2, 120)
		for i := range matrices {
			pairs := m.pairs(r)
			for _, p := range pairs[:o.either(4, 10)] {
				single++
				if changed(compare.Compare([]compare.Pair{p}, compare.DefaultCriteria(uint64(i))).Comparisons[0]) {
					alone++
				}
			}
			family := compare.Compare(pairs, compare.DefaultCriteria(uint64(i)))
			alarms := 0
			for _, c := range family.Comparisons {
				if changed(c) {
					alarms++
				}
			}
			made += len(pairs)
			if within += alarms; alarms > 0 {
				any++
			}
		}
		t.add(m.name, percent(alone, single), fmt.Sprintf("%.4f", 100*float64(within)/float64(made)), percent(any, matrices))
	}
	return t
}

// falseFindings counts what is found in samples in which there is nothing.
func falseFindings(o options, _ []*cell) table {
	kinds := []diagnose.Kind{diagnose.WarmUp, diagnose.Trend, diagnose.Drift, diagnose.Step, diagnose.Bimodal, diagnose.Outliers}
	t := table{title: "Findings in a thousand samples. In the log-normal ones there is nothing; the others show what the checks find.", head: []string{"noise", "trials"}}
	for _, k := range kinds {
		t.head = append(t.head, string(k))
	}
	runs := o.either(300, 3000)
	for _, m := range synthetic() {
		for _, n := range []int{6, 10, 40}[:o.either(2, 3)] {
			r := rand.New(rand.NewPCG(o.seed, 7))
			found := make([]int, len(kinds))
			for range runs {
				seen := map[diagnose.Kind]bool{}
				for _, f := range diagnose.Findings(m.sample(r, n, iterations, 1)) {
					seen[f.Kind] = true
				}
				for k := range seen {
					found[slices.Index(kinds, k)]++
				}
			}
			row := []string{label(m), fmt.Sprint(n)}
			for _, f := range found {
				row = append(row, fmt.Sprintf("%.1f", 1000*float64(f)/float64(runs)))
			}
			t.add(row...)
		}
	}
	return t
}
