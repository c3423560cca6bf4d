package stat

import (
	"fmt"
	"math"
)

// Ratio is the median of a divided by the median of the reference, with the
// uncertainty of both sides: each is resampled, independently of the other.
// Both have at least one trial. It is an error to relate different units, or
// anything to what is not positive.
func Ratio(a, reference *Sample, o Options) (Estimate, error) {
	over, under := middle(a.Medians()), middle(reference.Medians())
	if a.Unit != reference.Unit {
		return Estimate{}, fmt.Errorf("no ratio of %q to %q", a.Unit, reference.Unit)
	}
	if under <= 0 || math.IsInf(over/under, 0) {
		return Estimate{}, fmt.Errorf("no ratio of %v to %v", over, under)
	}
	e := Estimate{
		Value:  over / under,
		Unit:   "ratio",
		Trials: min(len(a.Trials), len(reference.Trials)),
		Values: min(a.Count(), reference.Count()),
	}
	switch {
	case isCount(a.Metric) && constant(a) && constant(reference):
		e.Interval = &Interval{Low: e.Value, High: e.Value, Method: Exact}
	case e.Trials < Need(0.5):
		e.Warnings = []string{needTrials(e.Trials)}
	case max(len(a.Trials), len(reference.Trials)) > maxBootstrapTrials:
		e.Warnings = []string{fmt.Sprintf("no interval of a ratio over more than %d trials", maxBootstrapTrials)}
	default:
		e.Interval, e.Warnings = ratioInterval(replicates(a, o), replicates(reference, o))
	}
	return e, nil
}

func ratioInterval(overs, unders []float64) (*Interval, []string) {
	ratios := make([]float64, len(overs))
	for i := range ratios {
		ratios[i] = overs[i] / unders[i]
		if unders[i] <= 0 || math.IsInf(ratios[i], 0) {
			return nil, []string{"no interval: the reference comes too close to zero"}
		}
	}
	return percentileInterval(ratios), nil
}

func constant(s *Sample) bool {
	m := s.Medians()
	return m[0] == m[len(m)-1]
}
