package format

import (
	"math"
	"strings"

	"edgebench/bench/stat/estimate"
	"edgebench/results"
)

// NoRatio stands where two figures have no ratio.
const NoRatio = "no ratio"

// rate ends the names of units that count something in a second.
const rate = "/sec"

// Comparatives are the words for a greater and for a smaller quantity of a unit.
func Comparatives(unit string) (greater, smaller string) {
	switch {
	case unit == results.Seconds:
		return "longer", "shorter"
	case unit == results.Count:
		return "more", "fewer"
	case strings.HasSuffix(unit, rate):
		return "higher", "lower"
	}
	return "more", "less"
}

// Factor writes a ratio of two quantities of a unit as a factor above 1 with its
// interval, e.g. "13 × fewer [12, 14]". An end of the interval below 1 is on the
// other side of equality. All texts and pages write ratios with it; what is not
// positive has none.
func Factor(e estimate.Estimate, unit string) string {
	if !(e.Value > 0) || math.IsInf(e.Value, 0) {
		return NoRatio
	}
	value, word := aboveOne(e.Value, unit)
	d := factorDecimals(value)
	text := factor(value, d) + " × " + word
	if e.Interval == nil || e.Interval.Method == estimate.Exact {
		return text
	}
	low, high := e.Interval.Low, e.Interval.High
	if e.Value < 1 {
		low, high = 1/high, 1/low
	}
	return text + " [" + factor(low, d) + ", " + factor(high, d) + "]"
}

// FactorRange writes the least and the greatest of several ratios of quantities of
// one unit, e.g. "154 to 357 × shorter".
func FactorRange(low, high float64, unit string) string {
	a, word := aboveOne(low, unit)
	b, other := aboveOne(high, unit)
	if word != other {
		return factor(a, factorDecimals(a)) + " × " + word + " to " + factor(b, factorDecimals(b)) + " × " + other
	}
	a, b = min(a, b), max(a, b)
	first, last := factor(a, factorDecimals(a)), factor(b, factorDecimals(b))
	if first != last {
		last = first + " to " + last
	}
	return last + " × " + word
}

// aboveOne turns a ratio below 1 over, and gives the word for its direction.
func aboveOne(ratio float64, unit string) (float64, string) {
	greater, smaller := Comparatives(unit)
	if ratio < 1 {
		return 1 / ratio, smaller
	}
	return ratio, greater
}

// factor prints at most three significant digits.
func factor(v float64, decimals int) string {
	if decimals == 0 {
		v = round(v, 3)
	}
	return number(v, decimals)
}

// closeToOne is where a change of one per cent is a tenth of what there is to see.
const closeToOne = 1.1

// factorDecimals is how many digits behind the point a factor above 1 has: enough to
// tell it from 1, and no more than three significant ones unless it is close to 1.
func factorDecimals(v float64) int {
	switch {
	case v < closeToOne:
		return 3
	case v < 2:
		return 2
	case v < 10 && !math.IsInf(v, 0):
		return 1
	}
	return 0
}
