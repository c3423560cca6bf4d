package estimate

import (
	"fmt"
	"math"

	"edgebench/bench/stat"
	"edgebench/bench/stat/internal/numeric"
)

// Ratio is the median of a divided by the median of the reference, with the
// uncertainty of both sides. Both have at least one trial. It is an error to
// relate different units, or anything to what is not positive.
func Ratio(a, reference *stat.Sample) (Estimate, error) {
	overs, unders := a.Medians(), reference.Medians()
	over, under := stat.Median(overs), stat.Median(unders)
	if a.Unit != reference.Unit {
		return Estimate{}, fmt.Errorf("no ratio of %q to %q", a.Unit, reference.Unit)
	}
	if under <= 0 || math.IsInf(over/under, 0) {
		return Estimate{}, fmt.Errorf("no ratio of %v to %v", over, under)
	}
	e := Estimate{
		Value:  over / under,
		Unit:   "ratio",
		Trials: min(len(overs), len(unders)),
		Values: min(a.Count(), reference.Count()),
	}
	switch {
	case counted(a.Metric) && constant(overs) && constant(unders):
		e.Interval = &Interval{Low: e.Value, High: e.Value, Method: Exact}
	case e.Trials < stat.MinTrials:
		e.Warnings = Warnings{fewTrials(e.Trials)}
	case overs[0] <= 0 || unders[0] <= 0:
		e.Warnings = Warnings{{Code: NotPositive}}
	default:
		i := differenceInterval(logMedian(overs), logMedian(unders))
		e.Interval = &Interval{Low: math.Exp(i.Low), High: math.Exp(i.High), Method: Recovered}
	}
	return e, nil
}

// LogMedian is what a ratio takes of each side: the median of the logarithms of the
// trials' medians, and how far its 95 % interval reaches below and above it.
type LogMedian struct {
	Value float64
	// Below and Above are the reaches, each divided by Student's quantile of
	// Trials − 1 degrees of freedom, so that each counts as a standard error.
	Below, Above float64
	Trials       int
}

// LogMedianOf gives that of a sample; false where ratios to it have no interval,
// because it has too few trials or values that are not positive.
func LogMedianOf(s *stat.Sample) (LogMedian, bool) {
	medians := s.Medians()
	if len(medians) < stat.MinTrials || medians[0] <= 0 {
		return LogMedian{}, false
	}
	return logMedian(medians), true
}

func logMedian(medians []float64) LogMedian {
	logs := numeric.Logs(medians)
	i, m := MedianInterval(logs), stat.Median(logs)
	t := numeric.StudentT(float64(len(logs)-1), 1-(1-Confidence)/2)
	return LogMedian{Value: m, Below: (m - i.Low) / t, Above: (i.High - m) / t, Trials: len(logs)}
}

// differenceInterval is that of the median of a minus the median of b, both with
// stat.MinTrials values or more. Each end is recovered from the two intervals (Zou
// and Donner, Construction of confidence limits about effect measures, 2008): the
// lower one lies √(l² + u²) below the difference,
// where l is what a's interval reaches below and u what b's reaches above.
//
// Where both sides weigh the same the sum has lighter tails than its parts. So
// each reach counts as a standard error times Student's quantile of n − 1
// degrees of freedom, and the sum has those of Welch and Satterthwaite.
func differenceInterval(a, b LogMedian) Interval {
	na, nb := float64(a.Trials-1), float64(b.Trials-1)
	reach := func(ra, rb float64) float64 {
		va, vb := ra*ra, rb*rb
		if va+vb == 0 {
			return 0
		}
		return numeric.StudentT(numeric.Satterthwaite(va, na, vb, nb), 1-(1-Confidence)/2) * math.Sqrt(va+vb)
	}
	return Interval{
		Low:    a.Value - b.Value - reach(a.Below, b.Above),
		High:   a.Value - b.Value + reach(a.Above, b.Below),
		Method: Recovered,
	}
}
