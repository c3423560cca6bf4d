// Package stattest makes cells, trials and samples for the tests below bench/stat.
package stattest

import (
	"math"
	"math/rand/v2"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/results"
)

// Cell is a cold start of a runner.
func Cell(runner string) results.Cell {
	return results.Cell{
		System:   results.System{Runner: runner, Mode: "m"},
		Artefact: results.Artefact{Workload: "noop", Build: "c"}, Experiment: coldstart.Name, Params: coldstart.WarmParams(results.Cold),
	}
}

// Trial is one of Cell("a") that nothing disturbed.
func Trial(seq int, metrics ...results.Metric) stat.Trial {
	return stat.Trial{Record: &results.Record{Schema: results.Schema, Run: "r", Seq: seq, Cell: Cell("a"), Outcome: results.OK, Metrics: metrics}}
}

// Sample of Cell("a") in seconds, with the values of each trial.
func Sample(metric string, trials ...[]float64) *stat.Sample {
	s := &stat.Sample{Key: stat.Key{Cell: Cell("a"), Metric: metric}, Unit: results.Seconds}
	for i, t := range trials {
		s.Trials = append(s.Trials, stat.Values{Seq: i, Values: t})
	}
	return s
}

// Singles is a sample of one value for each trial.
func Singles(values ...float64) *stat.Sample {
	trials := make([][]float64, len(values))
	for i, v := range values {
		trials[i] = []float64{v}
	}
	return Sample("x", trials...)
}

// Noisy makes trials with log-normal noise between and within them; the true
// median is 1.
func Noisy(random *rand.Rand, trials, iterations int, between, within float64) [][]float64 {
	all := make([][]float64, trials)
	for i := range all {
		centre := random.NormFloat64() * between
		all[i] = make([]float64, iterations)
		for j := range all[i] {
			all[i][j] = math.Exp(centre + random.NormFloat64()*within)
		}
	}
	return all
}

// Scaled multiplies all values of trials, in place.
func Scaled(trials [][]float64, by float64) [][]float64 {
	for _, t := range trials {
		for i := range t {
			t[i] *= by
		}
	}
	return trials
}
