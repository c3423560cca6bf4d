package estimate

import (
	"slices"

	"edgebench/bench/experiment/density"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/stat"
	"edgebench/results"

	"gonum.org/v1/gonum/floats"
)

// DensityTrial is how the number of live instances grew in one trial.
type DensityTrial struct {
	Seq int
	// Live is the number of instances that have answered, one value a step.
	Live []float64
	// Elapsed is the time since the trial's begin at each step, in seconds;
	// nil where the trial does not tell.
	Elapsed []float64
	// Stop is what ended it, nil where that is not recorded.
	Stop *results.Stop
}

// AtBudget reports whether a budget of the plan ended the trial, so that the node
// might carry more.
func (t DensityTrial) AtBudget() bool { return t.Stop != nil && t.Stop.Reason == results.StopBudget }

// Maximum is the greatest number of live instances.
func (t DensityTrial) Maximum() float64 { return slices.Max(t.Live) }

// Density is the number of simultaneously live instances of a cell.
type Density struct {
	stat.Key
	// Trials have at least one step each.
	Trials []DensityTrial
	// Minimum and Maximum of what the trials reached.
	Minimum, Maximum float64
	// LowerBound says that the trial that reached most ended at its budget,
	// so that Maximum is a lower bound and not a capacity.
	LowerBound bool
	Warnings   Warnings
}

// Stops lists the distinct stops of the trials, with a zero Stop for an unknown
// one.
func (d Density) Stops() []results.Stop {
	var list []results.Stop
	for _, t := range d.Trials {
		var stop results.Stop
		if t.Stop != nil {
			stop = *t.Stop
		}
		if !slices.Contains(list, stop) && len(list) < maxStops {
			list = append(list, stop)
		}
	}
	return list
}

// maxStops bounds a list that nobody reads to its end.
const maxStops = 5

// Sample is that of the greatest number of live instances of each trial.
func (d Density) Sample() *stat.Sample {
	s := &stat.Sample{Key: d.Key, Unit: results.Count}
	for _, t := range d.Trials {
		s.Trials = append(s.Trials, stat.Values{Seq: t.Seq, Values: []float64{t.Maximum()}})
	}
	return s
}

// Densities summarises the density trials of a run, ordered by their keys.
func Densities(trials []stat.Trial, samples *stat.Samples) []Density {
	stops := map[int]*results.Stop{}
	for _, r := range trials {
		if r.Outcome == results.OK && r.Experiment == density.Name && stops[r.Seq] == nil {
			stops[r.Seq] = r.Stop
		}
	}
	var list []Density
	for _, s := range samples.All() {
		if s.Experiment != density.Name || s.Metric != instances.Live {
			continue
		}
		key := s.Key
		key.Metric = instances.StepTime
		times := samples.Get(key)
		d := Density{Key: s.Key}
		for _, t := range s.Trials {
			grown := DensityTrial{Seq: t.Seq, Live: t.Values, Stop: stops[t.Seq]}
			if times != nil {
				grown.Elapsed = elapsed(times.Of(t.Seq), len(t.Values))
			}
			d.Trials = append(d.Trials, grown)
		}
		list = append(list, d.summarise())
	}
	return list
}

// elapsed adds up the times of steps; nil unless there is one for each.
func elapsed(steps []float64, n int) []float64 {
	if len(steps) != n {
		return nil
	}
	return floats.CumSum(make([]float64, n), steps)
}

func (d Density) summarise() Density {
	d.Minimum, d.Maximum = d.Trials[0].Maximum(), d.Trials[0].Maximum()
	unexplained := false
	for _, t := range d.Trials {
		reached := t.Maximum()
		switch {
		case reached > d.Maximum:
			d.Maximum, d.LowerBound = reached, t.AtBudget()
		case reached == d.Maximum:
			d.LowerBound = d.LowerBound || t.AtBudget()
		}
		d.Minimum = min(d.Minimum, reached)
		unexplained = unexplained || t.Stop == nil
	}
	if d.LowerBound {
		d.Warnings = append(d.Warnings, Warning{Code: AtBudget})
	}
	if unexplained {
		d.Warnings = append(d.Warnings, Warning{Code: UnknownStop})
	}
	return d
}
