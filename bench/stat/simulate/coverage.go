package main

import (
	"fmt"
	"math/rand/v2"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
)

// The numbers of trials for which coverage is shown: the default profile has 6
// to 10, a cell that misses its target gets more.
func sizes(o options) []int {
	if o.full {
		return []int{6, 8, 10, 20}
	}
	return []int{6, 10}
}

const iterations = 12

// models are the synthetic ones and, last, those of real cells, each of which
// gives its own part of the runs.
func models(o options, cells []*cell) [][]noise {
	var list [][]noise
	for _, m := range synthetic() {
		list = append(list, []noise{m})
	}
	var measured []noise
	for _, c := range some(cells, o.either(4, 20)) {
		measured = append(measured, c.noise())
	}
	return append(list, measured)
}

// label marks models that break the assumptions.
func label(m noise) string {
	if !m.holds {
		return m.name + " †"
	}
	return m.name
}

// medians is the coverage of intervals of medians, with those of other methods
// beside them.
func medians(o options, cells []*cell) table {
	t := table{
		title: "Coverage of 95 % intervals of the median, in %. Besides the one that is used: its cross-check by exact order statistics, and methods that lost, Student's t of logarithms, BCa over trials, and the percentile bootstrap that draws trials and then iterations. †: trials are not alike, which all of them assume.",
		head:  []string{"noise", "trials", "interpolated", "exact", "Student", "BCa", "two-stage bootstrap"},
	}
	runs := o.either(150, 3000)
	for _, group := range models(o, cells) {
		wants := truths(o, group)
		for _, n := range sizes(o) {
			r := rand.New(rand.NewPCG(o.seed, uint64(n)))
			var all [5]int
			bootstraps := 0
			for g, m := range group {
				want := wants[g].median
				for i := range runs / len(group) {
					s := m.sample(r, n, iterations, 1)
					e := estimate.Summarise(s).Median
					list := []estimate.Interval{*e.Interval, *e.Check, student95(s)}
					if i%o.either(15, 10) == 0 { // they take long
						bootstraps++
						list = append(list, bca(s, r), twoStage(s, r))
					}
					for k, x := range list {
						if x.Contains(want) {
							all[k]++
						}
					}
				}
			}
			total := runs / len(group) * len(group)
			t.add(label(group[0]), fmt.Sprint(n), percent(all[0], total), percent(all[1], total), percent(all[2], total),
				percent(all[3], bootstraps), percent(all[4], bootstraps))
		}
	}
	return t
}

// percentiles is the coverage of those percentiles that are printed.
func percentiles(o options, cells []*cell) table {
	t := table{
		title: "Coverage of 95 % intervals of percentiles over all iterations, in %, where the number of independent values carries them (printed: in how many % of samples it does).",
		head:  []string{"noise", "trials", "p90", "printed", "p95", "printed"},
	}
	runs := o.either(100, 1500)
	for _, group := range models(o, cells) {
		wants := truths(o, group)
		for _, n := range sizes(o) {
			r := rand.New(rand.NewPCG(o.seed, uint64(n)))
			var printed, covered [2]int
			for g, m := range group {
				want := wants[g]
				for range runs / len(group) {
					for _, p := range estimate.Summarise(m.sample(r, n, iterations, 1)).Percentiles {
						k, truth := 0, want.p90
						switch p.Q {
						case 0.95:
							k, truth = 1, want.p95
						case 0.9:
						default:
							continue
						}
						if p.Interval == nil { // order statistics of a number just large enough may give none
							continue
						}
						printed[k]++
						if p.Interval.Contains(truth) {
							covered[k]++
						}
					}
				}
			}
			total := runs / len(group) * len(group)
			row := []string{label(group[0]), fmt.Sprint(n)}
			for k := range printed {
				if printed[k] < 20 { // too few to say
					row = append(row, "–", percent(printed[k], total))
					continue
				}
				row = append(row, percent(covered[k], printed[k]), percent(printed[k], total))
			}
			t.add(row...)
		}
	}
	return t
}

// ratios is the coverage of ratios: of a noise to itself, and to a calm one.
func ratios(o options, cells []*cell) table {
	t := table{
		title: "Coverage of 95 % intervals of ratios, in %: to a cell with the same noise, and to a calm one (log-normal, 3 %). The number of trials is that of each side.",
		head:  []string{"noise", "trials", "to its like", "to a calm cell"},
	}
	runs := o.either(200, 3000)
	calm := noise{trial: func(r *rand.Rand, n int, _ float64) []float64 { return within(r, n, 0.03*r.NormFloat64(), 0.03) }}
	for _, group := range models(o, cells) {
		wants := truths(o, group)
		for _, n := range sizes(o) {
			r := rand.New(rand.NewPCG(o.seed, uint64(n)))
			var like, other int
			for g, m := range group {
				want := wants[g].median
				for range runs / len(group) {
					s := m.sample(r, n, iterations, 1)
					if covers(s, m.sample(r, n, iterations, 1), 1) {
						like++
					}
					if covers(s, calm.sample(r, n, iterations, 1), want) {
						other++
					}
				}
			}
			total := runs / len(group) * len(group)
			t.add(label(group[0]), fmt.Sprint(n), percent(like, total), percent(other, total))
		}
	}
	return t
}

func covers(a, reference *stat.Sample, want float64) bool {
	e, err := estimate.Ratio(a, reference)
	return err == nil && e.Interval != nil && e.Interval.Contains(want)
}
