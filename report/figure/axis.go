package figure

import (
	"math"

	"edgebench/report/format"
	"edgebench/results"
)

// logAxis maps positive values to a length.
type logAxis struct {
	unit      string
	low, high float64 // both positive, low < high
	from, to  float64 // where they are drawn
}

// newAxis spans the values with some room on both sides. Values that are not
// positive have no place on it.
func newAxis(unit string, values []float64) logAxis {
	a := logAxis{unit: unit, low: math.Inf(1), high: math.Inf(-1)}
	for _, v := range values {
		if v > 0 && !math.IsInf(v, 0) {
			a.low, a.high = min(a.low, v), max(a.high, v)
		}
	}
	if a.low > a.high {
		a.low, a.high = 1, 10
	}
	if a.high/a.low < 10 {
		middle := math.Sqrt(a.high * a.low)
		a.low, a.high = middle/math.Sqrt(10), middle*math.Sqrt(10)
	}
	room := math.Pow(a.high/a.low, 0.06)
	a.low, a.high = a.low/room, a.high*room
	return a
}

// over places the axis.
func (a logAxis) over(from, to float64) logAxis {
	a.from, a.to = from, to
	return a
}

// place of a value, within the axis.
func (a logAxis) place(v float64) float64 {
	if v <= a.low {
		return a.from
	}
	share := math.Log(v/a.low) / math.Log(a.high/a.low)
	return a.from + min(1, share)*(a.to-a.from)
}

// tick is a value with a line, and a label where it has one.
type tick struct {
	value float64
	label string
}

// ticks are powers of ten, or of two for bytes, at most most of them with a
// label, and lines between where there is room.
func (a logAxis) ticks(most int) []tick {
	base, steps := 10.0, []int{1, 2, 3, 6, 9, 12, 18}
	if a.unit == results.Bytes {
		base, steps = 2, []int{1, 2, 5, 10, 20, 40}
	}
	first := int(math.Ceil(math.Log(a.low) / math.Log(base)))
	last := int(math.Floor(math.Log(a.high) / math.Log(base)))
	step := steps[len(steps)-1]
	for _, s := range steps {
		if multiples(first, last, s) <= most {
			step = s
			break
		}
	}
	line := 1
	if base == 2 && step >= 10 {
		line = 5
	}
	var list []tick
	for k := first; k <= last; k++ {
		t := tick{value: math.Pow(base, float64(k))}
		switch {
		case modulo(k, step) == 0:
			t.label = label(t.value, a.unit)
		case modulo(k, line) != 0 || base == 2 && step < 10:
			continue
		}
		list = append(list, t)
	}
	return list
}

// label prints a power without zeros behind the point.
func label(v float64, unit string) string {
	return format.Round(v, unit)
}

func multiples(first, last, step int) int {
	n := 0
	for k := first; k <= last; k++ {
		if modulo(k, step) == 0 {
			n++
		}
	}
	return n
}

func modulo(a, b int) int { return (a%b + b) % b }
