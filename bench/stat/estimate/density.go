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
	// Drop is how far MemAvailable has fallen at each step, in bytes; nil where the
	// trial does not tell.
	Drop []float64
	// ProbeP99 is the 99th percentile of the probe's latency in the last of these
	// steps, in seconds; 0 where the trial has no probe.
	ProbeP99 float64
	// Usable is the memory that instances may take, in bytes; 0 if unknown.
	Usable float64
	// PerProcess is how many instances the first process had when it reached a
	// limit of its own, ProcessStop; 0 and nil where it reached none.
	PerProcess  float64
	ProcessStop *results.Stop
	// Stop is what ended it, nil where that is not recorded.
	Stop *results.Stop
}

// Computed is how many instances the trial's memory would hold, by what each further
// one has taken of it. ok is false where the steps give no such slope.
func (t DensityTrial) Computed() (n float64, ok bool) {
	slope, _, reason := Slope(t.Live, t.Drop)
	if reason != "" || !(slope > 0) || t.Usable <= 0 {
		return 0, false
	}
	return t.Usable / slope, true
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
		list = addStop(list, stop)
	}
	return list
}

// addStop adds a stop unless the list has one for the same resource and limit. What
// failures say tells them apart.
func addStop(list []results.Stop, s results.Stop) []results.Stop {
	same := func(o results.Stop) bool {
		if s.Reason != o.Reason || s.Resource != o.Resource || s.Limit != o.Limit || s.Setting != o.Setting {
			return false
		}
		return s.Reason == results.StopLimit && s.Resource != "" || s.Detail == o.Detail
	}
	if slices.ContainsFunc(list, same) || len(list) == maxStops {
		return list
	}
	return append(list, s)
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

// ComputedInstances names the sample of DensityTrial.Computed.
const ComputedInstances = "instances_computed"

// ComputedSample is that of what the trials' memory would hold, nil where none tells.
func (d Density) ComputedSample() *stat.Sample {
	s := &stat.Sample{Key: d.Key, Unit: results.Count}
	s.Metric = ComputedInstances
	for _, t := range d.Trials {
		if n, ok := t.Computed(); ok {
			s.Trials = append(s.Trials, stat.Values{Seq: t.Seq, Values: []float64{n}})
		}
	}
	if len(s.Trials) == 0 {
		return nil
	}
	return s
}

// ProcessStops lists the distinct stops of the trials' first processes.
func (d Density) ProcessStops() (list []results.Stop) {
	for _, t := range d.Trials {
		if t.ProcessStop != nil {
			list = addStop(list, *t.ProcessStop)
		}
	}
	return list
}

// PerProcess is the least and the greatest number of instances of a first process
// that reached a limit of its own; 0 where none did.
func (d Density) PerProcess() (least, most float64) {
	for _, t := range d.Trials {
		if n := t.PerProcess; n > 0 {
			if least == 0 || n < least {
				least = n
			}
			most = max(most, n)
		}
	}
	return least, most
}

// Densities summarises the density trials of a run, ordered by their keys.
func Densities(trials []stat.Trial, samples *stat.Samples) []Density {
	records := map[int]stat.Trial{}
	for _, r := range trials {
		if _, known := records[r.Seq]; r.Outcome == results.OK && r.Experiment == density.Name && !known {
			records[r.Seq] = r
		}
	}
	var list []Density
	for _, s := range samples.All() {
		if s.Experiment != density.Name || s.Metric != instances.Live {
			continue
		}
		d := Density{Key: s.Key}
		for _, t := range s.Trials {
			d.Trials = append(d.Trials, grown(samples, s.Key, t, records[t.Seq]))
		}
		list = append(list, d.summarise())
	}
	return list
}

// grown gathers what one trial's record says. A step in which a probe did not get the
// right answer is left out, as are those after it.
func grown(samples *stat.Samples, key stat.Key, t stat.Values, r stat.Trial) DensityTrial {
	of := func(metric string) []float64 {
		key.Metric = metric
		if s := samples.Get(key); s != nil {
			return s.Of(t.Seq)
		}
		return nil
	}
	n := rightSteps(of(density.ProbeRequests), of(density.ProbeRight), len(t.Values))
	d := DensityTrial{Seq: t.Seq, Live: t.Values[:n], Stop: r.Stop, ProcessStop: r.ProcessStop}
	d.Elapsed = elapsed(of(instances.StepTime), len(t.Values))
	if d.Elapsed != nil {
		d.Elapsed = d.Elapsed[:n]
	}
	if drop := of(instances.AvailableDrop); len(drop) == len(t.Values) {
		d.Drop = drop[:n]
	}
	if p99 := of(density.ProbeP99); n > 1 && len(p99) >= n-1 {
		d.ProbeP99 = p99[n-2] // there is none for the first step
	}
	if usable := of(density.UsableMemory); len(usable) > 0 {
		d.Usable = usable[0]
	}
	if most := of(density.PerProcess); len(most) > 0 {
		d.PerProcess = most[0]
	}
	return d
}

// rightSteps is how many of the steps come before one with a wrong answer, the first
// step always.
func rightSteps(requests, right []float64, steps int) int {
	for i := range min(len(requests), len(right)) {
		if right[i] < requests[i] {
			return min(i+1, steps)
		}
	}
	return steps
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
