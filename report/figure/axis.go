package figure

import (
	"fmt"
	"math"
	"slices"

	"edgebench/report/format"
	"edgebench/report/model"
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

// setLog makes an axis logarithmic over values. The axis has a length on the page,
// and each label takes its size of it.
func setLog(a *plot.Axis, of model.Axis, values []float64, length vg.Length, size func(label string) vg.Length) {
	a.Scale = logScale{}
	a.Min, a.Max = span(values)
	a.Tick.Marker = logTicks{of, length, size}
}

// across is the size of a label below an axis, with a gap.
func across(label string) vg.Length { return widthOf(label, smallFont) + 9 }

// upwards is that of a label beside an axis.
func upwards(string) vg.Length { return 2 * smallFont.Size }

// setShares makes an axis of 0 to 100 %, with a label every so many.
func setShares(a *plot.Axis, every int) {
	var list plot.ConstantTicks
	for percent := 0; percent <= 100; percent += every {
		list = append(list, plot.Tick{Value: float64(percent) / 100, Label: fmt.Sprintf("%d %%", percent)})
	}
	a.Min, a.Max, a.Tick.Marker = 0, 1, list
}

// setWhole makes an axis of whole numbers with equal steps.
func setWhole(a *plot.Axis, values []float64) {
	const most = 12 // labels
	low, high := int(slices.Min(values)), int(slices.Max(values))
	every := max(1, (high-low+most)/most)
	var list plot.ConstantTicks
	for n := low; n <= high; n += every {
		list = append(list, plot.Tick{Value: float64(n), Label: fmt.Sprint(n)})
	}
	a.Min, a.Max, a.Tick.Marker = float64(low)-0.5, float64(high)+0.5, list
}

// span is a range of at least a factor of 10 that holds the values, with room on
// both sides. Values that are not positive are left out, because the axis is
// logarithmic.
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

// logTicks are powers of ten and their multiples, or powers of two for bytes and
// for what doubles, with labels in a unit. plot.LogTicks labels every power of ten
// with a plain number.
type logTicks struct {
	axis   model.Axis
	length vg.Length
	size   func(label string) vg.Length
}

// labels says which multiples of which powers have one: of each step-th power, from
// the power first on.
type labels struct {
	digits      []int
	step, first int
}

// has says whether a digit of the k-th power has a label.
func (l labels) has(k, digit int) bool {
	return (k-l.first)%l.step == 0 && slices.Contains(l.digits, digit)
}

// Ticks implements plot.Ticker. All ticks are within the range, and as many
// have labels as there is room for.
func (t logTicks) Ticks(low, high float64) []plot.Tick {
	base, choices := 10, []labels{{digits: []int{1, 2, 5}, step: 1}, {digits: []int{1, 3}, step: 1}}
	steps := []int{1, 2, 3, 4, 6, 12, 24}
	if t.axis.Doubling || t.axis.Unit == results.Bytes {
		base, choices, steps = 2, nil, []int{1, 2, 5, 10, 20, 40, 80}
	}
	for _, s := range steps {
		for first := range s {
			choices = append(choices, labels{[]int{1}, s, first})
		}
	}
	var best []plot.Tick
	most := 0
	for _, l := range choices {
		list := t.labelled(base, l, low, high)
		if n := labelsOf(list); n > most && t.fit(list, low, high) {
			best, most = list, n
		}
	}
	if best == nil { // there is no room for any
		best = t.labelled(base, labels{step: 2}, low, high)
	}
	return best
}

// labelsOf counts the ticks with a label.
func labelsOf(list []plot.Tick) (n int) {
	for _, tick := range list {
		if !tick.IsMinor() {
			n++
		}
	}
	return n
}

func (t logTicks) labelled(base int, l labels, low, high float64) []plot.Tick {
	const minimum = 2 // points between ticks without a label
	powers := math.Log(float64(base))
	power := t.length / vg.Length(math.Log(high/low)/powers)
	var list []plot.Tick
	for k := int(math.Floor(math.Log(low) / powers)); float64(k) <= math.Log(high)/powers; k++ {
		for digit := 1; digit < base; digit++ {
			v := float64(digit) * math.Pow(float64(base), float64(k))
			switch {
			case v < low || v > high:
			case l.has(k, digit):
				list = append(list, plot.Tick{Value: v, Label: format.Round(v, t.axis.Unit)})
			case l.step == 1 || digit == 1 && power >= minimum:
				list = append(list, plot.Tick{Value: v})
			}
		}
	}
	return list
}

// fit says whether no label touches the one before.
func (t logTicks) fit(list []plot.Tick, low, high float64) bool {
	end := vg.Length(math.Inf(-1))
	for _, tick := range list {
		if tick.IsMinor() {
			continue
		}
		half := t.size(tick.Label) / 2
		at := t.length * vg.Length(logScale{}.Normalize(low, high, tick.Value))
		if at-half < end {
			return false
		}
		end = at + half
	}
	return true
}
