package stat

import (
	"slices"

	"edgebench/bench/experiment/density"
	"edgebench/bench/experiment/instances"
	"edgebench/results"
)

// Stairs is the course of one density trial.
type Stairs struct {
	Seq int
	// Live is the number of instances that have answered, one value a step.
	Live []float64
	// Elapsed is the time since the trial's begin at each step, in seconds;
	// nil where the trial does not tell.
	Elapsed []float64
	// Stop is what ended it, nil where that is not recorded.
	Stop *results.Stop
}

// AtBudget says that the plan ended it: the node might carry more.
func (s Stairs) AtBudget() bool { return s.Stop != nil && s.Stop.Reason == results.StopBudget }

// Most is the greatest number of live instances.
func (s Stairs) Most() float64 { return slices.Max(s.Live) }

// Density is how many instances of a cell lived at once.
type Density struct {
	Key
	// Trials have at least one step each.
	Trials []Stairs
	// Least and Greatest of what the trials reached.
	Least, Greatest float64
	// LowerBound says that the trial that reached most ended at its budget,
	// so that Greatest is a lower bound and not a capacity.
	LowerBound bool
	Warnings   []string
}

// Stops lists what ended the trials, each once; the zero Stop where nothing says.
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
func (d Density) Sample() *Sample {
	s := &Sample{Key: d.Key, Unit: results.Count}
	for _, t := range d.Trials {
		s.Trials = append(s.Trials, Values{Seq: t.Seq, Values: []float64{t.Most()}})
	}
	return s
}

// Densities summarises the density trials of a run, ordered by their keys.
func Densities(trials []Trial, samples *Samples) []Density {
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
			stairs := Stairs{Seq: t.Seq, Live: t.Values, Stop: stops[t.Seq]}
			if times != nil {
				stairs.Elapsed = elapsed(times.trial(t.Seq), len(t.Values))
			}
			d.Trials = append(d.Trials, stairs)
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
	sums := make([]float64, n)
	total := 0.0
	for i, t := range steps {
		total += t
		sums[i] = total
	}
	return sums
}

func (d Density) summarise() Density {
	d.Least, d.Greatest = d.Trials[0].Most(), d.Trials[0].Most()
	unexplained := false
	for _, t := range d.Trials {
		most := t.Most()
		switch {
		case most > d.Greatest:
			d.Greatest, d.LowerBound = most, t.AtBudget()
		case most == d.Greatest:
			d.LowerBound = d.LowerBound || t.AtBudget()
		}
		d.Least = min(d.Least, most)
		unexplained = unexplained || t.Stop == nil
	}
	if d.LowerBound {
		d.Warnings = append(d.Warnings, "ended at its budget: a lower bound and no capacity; raise the budget to find the limit")
	}
	if unexplained {
		d.Warnings = append(d.Warnings, "a trial does not say what stopped it; its end may be no limit of the node")
	}
	return d
}
