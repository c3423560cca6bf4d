package figure

import (
	"fmt"
	"math"
	"slices"

	"edgebench/report"
	"edgebench/results"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// gridLine is the style of lines behind the data.
var gridLine = draw.LineStyle{Color: grid, Width: 0.75}

// styleAxis sets colours and fonts of an axis.
func styleAxis(a *plot.Axis) {
	a.LineStyle = draw.LineStyle{Color: muted, Width: 0.75}
	a.Padding = 0
	a.Tick.LineStyle, a.Tick.Length = a.LineStyle, 5
	a.Tick.Label.Font, a.Tick.Label.Color, a.Tick.Label.Handler = smallFont, muted, handler
	a.Label.TextStyle.Font, a.Label.TextStyle.Color, a.Label.TextStyle.Handler = plainFont, ink, handler
	a.Label.Padding = 6
}

// setLog makes an axis logarithmic over values of a unit. The axis has a length
// on the page, and a label takes some of it.
func setLog(a *plot.Axis, unit string, values []float64, length, label vg.Length) {
	a.Scale = logScale{}
	a.Min, a.Max = span(values)
	a.Tick.Marker = logTicks{unit: unit, length: length, label: label}
}

// setShares makes an axis of 0 to 100 %, with a label every so many.
func setShares(a *plot.Axis, every int) {
	var list plot.ConstantTicks
	for percent := 0; percent <= 100; percent += every {
		list = append(list, plot.Tick{Value: float64(percent) / 100, Label: fmt.Sprintf("%d %%", percent)})
	}
	a.Min, a.Max, a.Tick.Marker = 0, 1, list
}

// span is a range of at least a factor of 10 that holds the values, with room
// on both sides. Values that are not positive have no place on a logarithmic
// axis.
func span(values []float64) (low, high float64) {
	const extreme = 30 // powers of ten: no quantity in a report lies beyond
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if v > 0 {
			power := max(-extreme, min(extreme, math.Log10(v)))
			low, high = min(low, power), max(high, power)
		}
	}
	if low > high {
		low, high = 0, 1
	}
	if high-low < 1 {
		middle := (low + high) / 2
		low, high = middle-0.5, middle+0.5
	}
	room := 0.06 * (high - low)
	return math.Pow(10, low-room), math.Pow(10, high+room)
}

// logScale is plot.LogScale with values beyond an end of the axis at that end.
// plot.LogScale panics where a value is not positive.
type logScale struct{}

// Normalize implements plot.Normalizer.
func (logScale) Normalize(low, high, v float64) float64 {
	if !(v > low) { // no number is below too
		return 0
	}
	return plot.LogScale{}.Normalize(low, high, min(v, high))
}

// logTicks are powers of ten, or of two for bytes, labelled in a unit.
// plot.LogTicks labels every power of ten with a plain number.
type logTicks struct {
	unit string
	// length of the axis, and what a label takes of it.
	length, label vg.Length
}

// Ticks implements plot.Ticker. All ticks are within the range.
func (t logTicks) Ticks(low, high float64) []plot.Tick {
	base, steps := 10, []int{1, 2, 3, 6, 12, 24}
	if t.unit == results.Bytes {
		base, steps = 2, []int{1, 2, 5, 10, 20, 40, 80}
	}
	powers := math.Log(float64(base))
	power := t.length / vg.Length(math.Log(high/low)/powers)
	step := steps[len(steps)-1]
	if i := slices.IndexFunc(steps, func(s int) bool { return power*vg.Length(s) >= t.label }); i >= 0 {
		step = steps[i]
	}
	labelled := []int{1}
	if base == 10 && power*vg.Length(math.Log10(2)) >= t.label {
		labelled = []int{1, 2, 5}
	}
	const least = 2 // points between ticks without a label
	var list []plot.Tick
	for k := int(math.Floor(math.Log(low) / powers)); float64(k) <= math.Log(high)/powers; k++ {
		for digit := 1; digit < base; digit++ {
			v := float64(digit) * math.Pow(float64(base), float64(k))
			switch {
			case v < low || v > high:
			case k%step == 0 && slices.Contains(labelled, digit):
				list = append(list, plot.Tick{Value: v, Label: report.Round(v, t.unit)})
			case step == 1 || digit == 1 && power >= least:
				list = append(list, plot.Tick{Value: v})
			}
		}
	}
	return list
}
