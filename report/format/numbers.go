package format

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"edgebench/bench/stat/estimate"
	"edgebench/results"
)

// A scale prints a quantity divided by Size with a name behind it.
type scale struct {
	size float64
	name string
}

// scales of a unit, ascending. A unit without any is printed as it is.
func scales(unit string) []scale {
	switch unit {
	case results.Seconds:
		return []scale{{1e-9, "ns"}, {1e-6, "µs"}, {1e-3, "ms"}, {1, "s"}}
	case results.Bytes:
		return []scale{{1, "B"}, {1 << 10, "KiB"}, {1 << 20, "MiB"}, {1 << 30, "GiB"}, {1 << 40, "TiB"}}
	case results.RequestsPerSecond:
		return []scale{{1, "/s"}, {1e3, "k/s"}, {1e6, "M/s"}}
	case results.Count:
		return []scale{{1, ""}}
	}
	return []scale{{1, unit}}
}

// scaleOf chooses the greatest scale on which v is printed as 1 or more.
func scaleOf(v float64, unit string) scale {
	list := scales(unit)
	best := list[0]
	for _, s := range list {
		if round(math.Abs(v)/s.size, 3) >= 1 {
			best = s
		}
	}
	return best
}

// round to a number of significant digits.
func round(v float64, digits int) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', digits-1, 64), 64)
	if err != nil { // infinite or no number
		return v
	}
	return r
}

// Quantity prints a value with three significant digits on a scale that suits
// it, e.g. "12.3 µs" or "1.50 MiB". Whole counts and bytes below 1 KiB are
// printed in full.
func Quantity(v float64, unit string) string {
	s := scaleOf(v, unit)
	return strings.TrimSpace(number(v/s.size, decimals(v, s, unit)) + " " + s.name)
}

// decimals is how many digits behind the point leave three significant ones.
func decimals(v float64, s scale, unit string) int {
	x := math.Abs(v / s.size)
	whole := x == math.Trunc(x)
	switch {
	case x == 0, whole && unit == results.Count, whole && s.name == "B":
		return 0
	}
	return min(9, max(0, 2-int(math.Floor(math.Log10(round(x, 3))))))
}

// number prints x with thousands separated. Without decimals it keeps three
// significant digits, or all of a whole number.
func number(x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return fmt.Sprint(x)
	}
	if math.Abs(x) >= 1e15 {
		return strconv.FormatFloat(x, 'e', 2, 64)
	}
	if decimals == 0 && x != math.Trunc(x) {
		x = round(x, 3)
	}
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(x, 'f', decimals, 64), ".")
	if decimals > 0 {
		return grouped(whole) + "." + fraction
	}
	return grouped(whole)
}

// grouped sets commas between groups of three digits.
func grouped(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Estimated prints a value and its interval on one scale, e.g.
// "12.3 µs [11.9, 12.8]"; without an interval just the value.
func Estimated(e estimate.Estimate) string {
	if e.Interval == nil || e.Interval.Method == estimate.Exact {
		return Quantity(e.Value, e.Unit)
	}
	return Quantity(e.Value, e.Unit) + " " + IntervalOf(e)
}

// IntervalOf prints the interval alone, on the scale of the value; "" where
// there is none.
func IntervalOf(e estimate.Estimate) string {
	if e.Interval == nil {
		return ""
	}
	s := scaleOf(e.Value, e.Unit)
	d := decimals(e.Value, s, e.Unit)
	return "[" + number(e.Interval.Low/s.size, d) + ", " + number(e.Interval.High/s.size, d) + "]"
}

// LowerBound marks a figure that may be greater.
func LowerBound(text string, bound bool) string {
	if bound {
		return "≥ " + text
	}
	return text
}

// Round prints a round value without digits behind the point, e.g. "100 µs".
func Round(v float64, unit string) string {
	s := scaleOf(v, unit)
	return strings.TrimSpace(number(v/s.size, 0) + " " + s.name)
}

// exactly prints a whole value without digits behind the point, and any other as
// Quantity does.
func exactly(v float64, unit string) string {
	if s := scaleOf(v, unit); v/s.size == math.Trunc(v/s.size) {
		return Round(v, unit)
	}
	return Quantity(v, unit)
}

// Plural counts a noun that takes an s, e.g. "1 trial", "2 trials".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// Percent prints a part with as few digits as tell it from its neighbours.
func Percent(part float64) string {
	if part < 0.1 {
		return fmt.Sprintf("%.1f %%", part*100)
	}
	return fmt.Sprintf("%.0f %%", part*100)
}
