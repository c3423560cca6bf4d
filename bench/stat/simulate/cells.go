package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"edgebench/bench/stat/compare"
)

// steady is the noise up to which a cell is looked at for itself: above it no
// number of trials that a default run has finds the slowdown.
const steady = 0.05

// atOnce is how many cells of a matrix are slowed, so few that all others move by
// nothing.
const atOnce = 4

// cellPower slows each steady cell as many times as it takes to tell its own
// power, by what is compared.
func cellPower(o options, cells []*cell) table {
	rounds := o.either(1, 40)
	t := table{
		title: fmt.Sprintf("Power on noise resampled from a real run, cell by cell: of those whose noise is below %.0f %%, in how many the slowdown of 5 %% is found in so many of %d pairs of runs, in the matrix.", 100*steady, rounds),
		head:  []string{"what", "rung", "of", "cells", "below", "95 % or more", "80 to 95 %", "fewer"},
	}
	found := findEach(o, cells, rounds)
	for _, k := range kinds() {
		var all, below, most, many int
		for i, c := range cells {
			if kindOf(c.key) != k {
				continue
			}
			all++
			if c.spread >= steady {
				continue
			}
			below++
			switch {
			case 100*found[i] >= 95*rounds:
				most++
			case 100*found[i] >= 80*rounds:
				many++
			}
		}
		if below > 0 {
			t.add(k.metric, string(k.rung), k.of, fmt.Sprint(all), fmt.Sprint(below), fmt.Sprint(most), fmt.Sprint(many), fmt.Sprint(below-most-many))
		}
	}
	return t
}

// findEach counts the cases in which each steady cell, slowed, is found.
func findEach(o options, cells []*cell, rounds int) []int {
	var chosen []int
	for i, c := range cells {
		if c.spread < steady {
			chosen = append(chosen, i)
		}
	}
	found := make([]int, len(cells))
	steps := (len(chosen) + atOnce - 1) / atOnce
	r := rand.New(rand.NewPCG(o.seed, 14))
	for round := range rounds {
		for step := range o.either(min(1, steps), steps) {
			slowed := func(i int) float64 {
				if at := slices.Index(chosen, i); at >= 0 && at%steps == step {
					return slowdown
				}
				return 1
			}
			for i, c := range compare.Compare(measured(cells, slowed).pairs(r), halved(uint64(round))).Comparisons {
				if slowed(i) > 1 && c.Verdict == compare.Slower {
					found[i]++
				}
			}
		}
	}
	return found
}
