package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/results"
)

// noise is a form of noise. It gives the logarithms of a trial's iterations;
// at, from 0 to 1, is where in the run the trial stands.
type noise struct {
	name string
	// holds says whether the assumptions of the intervals hold: trials are
	// independent and of one distribution.
	holds bool
	trial func(r *rand.Rand, iterations int, at float64) []float64
}

// within adds normal noise of iterations to what the process of a trial has.
func within(r *rand.Rand, iterations int, centre, spread float64) []float64 {
	values := make([]float64, iterations)
	for i := range values {
		values[i] = centre + spread*r.NormFloat64()
	}
	return values
}

// student is a value of Student's distribution with two degrees of freedom,
// whose variance is infinite.
func student(r *rand.Rand) float64 { return r.NormFloat64() / math.Sqrt(r.ExpFloat64()) }

// synthetic are the models whose truth is known from their definition.
func synthetic() []noise {
	logNormal := func(between, spread float64) noise {
		return noise{fmt.Sprintf("log-normal, %.0f %% between trials, %.0f %% within", 100*between, 100*spread), true,
			func(r *rand.Rand, n int, _ float64) []float64 { return within(r, n, between*r.NormFloat64(), spread) }}
	}
	return []noise{
		logNormal(0.05, 0.4),
		logNormal(0.2, 0.2),
		logNormal(0.4, 0.05),
		{"heavy tail (Student, 2 degrees of freedom)", true, func(r *rand.Rand, n int, _ float64) []float64 {
			values := within(r, n, 0.15*student(r), 0)
			for i := range values {
				values[i] += 0.15 * student(r)
			}
			return values
		}},
		{"skewed (log-exponential)", true, func(r *rand.Rand, n int, _ float64) []float64 {
			values := within(r, n, 0.2*r.ExpFloat64(), 0)
			for i := range values {
				values[i] += 0.2 * r.ExpFloat64()
			}
			return values
		}},
		{"bimodal (30 % of trials 1.6 times slower)", true, func(r *rand.Rand, n int, _ float64) []float64 {
			centre := 0.05 * r.NormFloat64()
			if r.Float64() < 0.3 {
				centre += math.Log(1.6)
			}
			return within(r, n, centre, 0.1)
		}},
		{"drifting (30 % over the run)", false, func(r *rand.Rand, n int, at float64) []float64 {
			return within(r, n, 0.3*at+0.1*r.NormFloat64(), 0.2)
		}},
	}
}

// sample draws a sample of a noise, with all values multiplied by a factor.
func (m noise) sample(r *rand.Rand, trials, iterations int, factor float64) *stat.Sample {
	s := &stat.Sample{
		Key:  stat.Key{Cell: results.Cell{Experiment: coldstart.Name}, Metric: coldstart.FirstResponse},
		Unit: results.Seconds,
	}
	for i := range trials {
		values := m.trial(r, iterations, float64(i)/float64(max(1, trials-1)))
		for j, v := range values {
			values[j] = factor * math.Exp(v)
		}
		s.Trials = append(s.Trials, stat.Values{Seq: i, Values: values})
	}
	return s
}

// truth is what an estimate would be of endless trials: the median of trials'
// medians, and a quantile of all values.
type truth struct{ median, p90, p95 float64 }

// truthOf finds it from very many trials spread over the run; its own error is
// a fiftieth of an interval's width.
func (m noise) truthOf(o options, iterations int) truth {
	r := rand.New(rand.NewPCG(o.seed, 99))
	n := o.either(5000, 30000)
	medians, values := make([]float64, n), make([]float64, 0, n*iterations)
	for i := range medians {
		t := m.trial(r, iterations, float64(i)/float64(n-1))
		values = append(values, t...)
		medians[i] = stat.Median(t)
	}
	at := func(q float64) float64 { return math.Exp(stat.Quantile(values, q)) }
	return truth{math.Exp(stat.Median(medians)), at(0.9), at(0.95)}
}

// truths are those of several models.
func truths(o options, group []noise) []truth {
	all := make([]truth, len(group))
	for i, m := range group {
		all[i] = m.truthOf(o, iterations)
	}
	return all
}
