package estimate

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"edgebench/bench/stat"
	"edgebench/results"
)

// Latency is the distribution of a histogram over all trials of a cell.
type Latency struct {
	stat.Key
	Unit   string
	Trials int
	// Count of all values.
	Count int64
	// Percentiles of the merged histogram, with the minimum and the maximum
	// that any one trial gave.
	Percentiles []LatencyPercentile
	Warnings    Warnings
}

// LatencyPercentile is a percentile and its range over trials.
type LatencyPercentile struct {
	Percentile
	Minimum, Maximum float64
}

// Latencies merges the histograms of all OK records by cell and name, ordered by their keys.
func Latencies(all []stat.Trial) ([]Latency, []stat.Rejection) {
	trials := map[stat.Key][]trialBins{}
	units := map[stat.Key]string{}
	seen := map[string]bool{}
	var rejected []stat.Rejection
	for _, r := range all {
		if r.Outcome != results.OK {
			continue
		}
		for _, h := range r.Histograms {
			key := stat.Key{Cell: r.Cell, Metric: h.Name}
			bins, err := decode(h)
			id := fmt.Sprint(r.Seq, key)
			switch want := cmp.Or(stat.UnitOf(h.Name), units[key]); {
			case err == nil && want != "" && want != h.Unit:
				err = fmt.Errorf("the unit is %q, it should be %q", h.Unit, want)
			case err == nil && seen[id]:
				err = errors.New("the trial is recorded twice; the first record counts")
			}
			if err != nil {
				rejected = append(rejected, stat.Rejection{Key: key, Seq: r.Seq, Reason: err.Error()})
				continue
			}
			trials[key], units[key], seen[id] = append(trials[key], bins), h.Unit, true
		}
	}
	var list []Latency
	for key, t := range trials {
		list = append(list, merge(key, units[key], t))
	}
	slices.SortFunc(list, func(a, b Latency) int { return a.Key.Compare(b.Key) })
	return list, rejected
}

// merge pools the trials. A percentile is given where the number of requests
// supports it; requests of one trial are not independent, which the range over
// trials shows.
func merge(key stat.Key, unit string, trials []trialBins) Latency {
	l := Latency{Key: key, Unit: unit, Trials: len(trials)}
	var all trialBins
	for _, t := range trials {
		all.bins = append(all.bins, t.bins...)
		all.total += t.total
	}
	slices.SortFunc(all.bins, func(a, b bin) int { return cmp.Compare(a.value, b.value) })
	l.Count = all.total
	for _, q := range Quantiles() {
		if l.Count < int64(Need(q)) {
			l.Warnings = Warnings{{Code: FewRequests, Need: Need(q), Have: int(l.Count), Q: q}}
			break
		}
		p := LatencyPercentile{Percentile: Percentile{Q: q, Value: all.at(q)}, Minimum: math.Inf(1), Maximum: math.Inf(-1)}
		for _, t := range trials {
			p.Minimum = min(p.Minimum, t.at(q))
			p.Maximum = max(p.Maximum, t.at(q))
		}
		l.Percentiles = append(l.Percentiles, p)
	}
	return l
}

// HistogramPercentiles reads the percentiles of one trial's histogram that the
// number of its values supports.
func HistogramPercentiles(h results.Histogram) ([]Percentile, error) {
	t, err := decode(h)
	if err != nil {
		return nil, fmt.Errorf("histogram %q: %w", h.Name, err)
	}
	var list []Percentile
	for _, q := range Quantiles() {
		if t.total >= int64(Need(q)) {
			list = append(list, Percentile{Q: q, Value: t.at(q)})
		}
	}
	return list, nil
}
