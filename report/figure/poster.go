package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"edgebench/bench/stat/compare"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/results"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// PosterName is that of the picture of the table.
const PosterName = "poster"

// Measures of the poster in points. With its heading it has the shape of a slide,
// 16 to 9.
const (
	posterHeight  vg.Length = width * 9 / 16
	posterHead    vg.Length = 34
	posterFoot    vg.Length = 26
	mostPosterRow vg.Length = 52
)

// The left edges of the poster's columns.
const (
	posterContainers vg.Length = 112
	posterAxis       vg.Length = 222
	posterAxisEnd    vg.Length = 392
	posterModules    vg.Length = 410
	posterVerdict    vg.Length = 574
)

var posterFont = sans(11, true)

// Poster draws the rows of the table as one picture that fits a slide: the figures of
// the leading classes, how many times the modules' figures are those of the
// container, and the verdicts. It returns false for a table without any row.
func Poster(m *model.Model) (Figure, bool) {
	if len(m.Table.Rows) == 0 {
		return Figure{}, false
	}
	text := "medians of trials, * with too few for an interval; the axis is logarithmic and the same in all rows"
	f := Figure{
		Name: PosterName, Title: "Containers versus WebAssembly", Conditions: conditions(m, text),
		Reading: "A ring is the container, a dot a module: to the left of the ring it has less. A sign and a word give the verdict on each claim.",
		Alt:     posterAlt(m),
	}
	lines := wrap(f.Conditions, smallFont, width-2*margin)
	f.height = posterHeight - headingHeight(lines)
	p := poster{rows: m.Table.Rows, low: -1, high: 1}
	p.reach()
	f.draw = p.draw
	return f, true
}

// posterColumn has the figures of a side.
type posterColumn struct {
	side    model.Side
	x, room vg.Length
	claim   func(model.Claim) string
}

func posterColumns() []posterColumn {
	return []posterColumn{
		{model.Containers, posterContainers, posterAxis - posterContainers - 8, func(c model.Claim) string { return c.Containers }},
		{model.Wasm, posterModules, posterVerdict - posterModules - 8, func(c model.Claim) string { return c.Wasm }},
	}
}

// poster is what is drawn. low and high are the ends of the axis, as powers of ten of
// the container's figure.
type poster struct {
	rows      []model.TableRow
	low, high float64
}

// reach makes the axis hold all dots.
func (p *poster) reach() {
	for _, r := range p.rows {
		for _, x := range timesOf(r) {
			p.low, p.high = min(p.low, math.Floor(math.Log10(x.times))), max(p.high, math.Ceil(math.Log10(x.times)))
		}
	}
}

// times is how many times a module's figure is that of the container.
type times struct {
	model.CellResult
	times float64
}

// leading are the measured cells of a side's leading classes.
func leading(r model.TableRow, s model.Side) (list []model.CellResult) {
	for _, c := range r.Lead() {
		for _, x := range c.Cells {
			if c.Side == s && x.Entry.State == model.Measured {
				list = append(list, x)
			}
		}
	}
	return list
}

// timesOf relates the modules of a row to its first container.
func timesOf(r model.TableRow) (list []times) {
	containers := leading(r, model.Containers)
	if len(containers) == 0 || !(containers[0].Entry.Estimate.Value > 0) {
		return nil
	}
	for _, x := range leading(r, model.Wasm) {
		if v := x.Entry.Estimate.Value; v > 0 {
			list = append(list, times{x, v / containers[0].Entry.Estimate.Value})
		}
	}
	return list
}

func (p *poster) draw(c draw.Canvas) {
	for _, column := range posterColumns() {
		for i, line := range wrap(leadName(p.rows, column.side), smallFont, posterAxis-posterContainers-8) {
			at := vg.Point{X: c.Min.X + column.x, Y: c.Max.Y - lineHeight*vg.Length(i)}
			c.FillText(styled(smallFont, muted, draw.XLeft, draw.YTop), at, line)
		}
	}
	top := c.Max.Y - posterHead
	pitch := min(mostPosterRow, (top-c.Min.Y-posterFoot)/vg.Length(len(p.rows)))
	middleOf := func(row int) vg.Length { return top - pitch*(vg.Length(row)+0.5) }
	c.SetColor(stripe)
	for i := 0; i < len(p.rows); i += 2 {
		c.Fill(vg.Rectangle{
			Min: vg.Point{X: c.Min.X, Y: middleOf(i) - pitch/2}, Max: vg.Point{X: c.Max.X, Y: middleOf(i) + pitch/2},
		}.Path())
	}
	p.drawAxis(c, top, top-pitch*vg.Length(len(p.rows)))
	for i, r := range p.rows {
		p.drawRow(c, r, middleOf(i))
	}
}

// leadName names the leading artefact of a side.
func leadName(rows []model.TableRow, s model.Side) string {
	for _, r := range rows {
		for _, c := range r.Lead() {
			switch {
			case c.Side != s || len(c.Artefacts) == 0:
				continue
			case s == model.Containers:
				return c.Artefacts[0].String() + ": " + c.Name
			}
			return c.Artefacts[0].String() + ": as a module"
		}
	}
	return string(s)
}

// at is the place of a number of times on the axis.
func (p *poster) at(c draw.Canvas, times float64) vg.Length {
	share := (math.Log10(times) - p.low) / (p.high - p.low)
	return c.Min.X + posterAxis + (posterAxisEnd-posterAxis)*vg.Length(min(1, max(0, share)))
}

// drawAxis draws a line for each power of ten, and names some of them.
func (p *poster) drawAxis(c draw.Canvas, top, bottom vg.Length) {
	every := int(math.Ceil((p.high - p.low) / 4))
	for k := int(p.low); k <= int(p.high); k++ {
		x, line := p.at(c, math.Pow10(k)), gridLine
		if k == 0 {
			line.Color = muted
		}
		c.StrokeLine2(line, x, bottom, x, top)
		if k%every == 0 {
			text := format.Round(math.Pow10(max(k, -k)), results.Count) + " ×"
			c.FillText(styled(tinyFont, muted, draw.XCenter, draw.YTop), vg.Point{X: x, Y: bottom - 3}, text)
		}
	}
	at := vg.Point{X: p.at(c, 1), Y: bottom - 3 - lineHeight}
	c.FillText(styled(smallFont, muted, draw.XRight, draw.YTop), at, "a module has less | ")
	c.FillText(styled(smallFont, muted, draw.XLeft, draw.YTop), at, "more than the container")
}

func (p *poster) drawRow(c draw.Canvas, r model.TableRow, y vg.Length) {
	write := func(x, room vg.Length, f font.Font, text string) {
		c.FillText(styled(f, ink, draw.XLeft, middle), vg.Point{X: c.Min.X + x, Y: y}, fit(text, f, room))
	}
	write(6, posterContainers-12, posterFont, r.Property)
	for _, column := range posterColumns() {
		if list := leading(r, column.side); len(list) > 0 {
			write(column.x, column.room, posterFont, extent(list))
		} else if len(r.Classes) == 0 {
			write(column.x, column.room, smallFont, column.claim(r.Claim))
		}
	}
	for _, x := range timesOf(r) {
		dot := draw.GlyphStyle{Color: colourOf(x.System), Radius: dotRadius + 1, Shape: draw.CircleGlyph{}}
		c.StrokeLine2(draw.LineStyle{Color: dot.Color, Width: 1}, p.at(c, 1), y, p.at(c, x.times), y)
		c.DrawGlyph(dot, vg.Point{X: p.at(c, x.times), Y: y})
	}
	if list := leading(r, model.Containers); len(list) > 0 && len(timesOf(r)) > 0 {
		dot := draw.GlyphStyle{Color: colourOf(list[0].System), Radius: dotRadius + 1, Shape: ring{}}
		c.DrawGlyph(dot, vg.Point{X: p.at(c, 1), Y: y})
	}
	drawVerdict(c, r.Verdict, vg.Point{X: c.Min.X + posterVerdict, Y: y})
}

// extent prints the least and the greatest of some figures. A star marks those with too
// few trials for an interval.
func extent(list []model.CellResult) string {
	by := func(x, y model.CellResult) int {
		return cmp.Compare(x.Entry.Estimate.Value, y.Entry.Estimate.Value)
	}
	text := func(x model.CellResult) string {
		if x.Indicative() {
			return x.Value() + "*"
		}
		return x.Value()
	}
	least, greatest := slices.MinFunc(list, by), slices.MaxFunc(list, by)
	if text(least) == text(greatest) {
		return text(least)
	}
	least.Of = "" // which is that of both
	return text(least) + " … " + text(greatest)
}

// drawVerdict draws a verdict's sign in its colour, and its words.
func drawVerdict(c draw.Canvas, v compare.Verdict, at vg.Point) {
	tone := model.ToneNone
	switch v {
	case compare.Holds:
		tone = model.ToneGood
	case compare.Fails:
		tone = model.ToneBad
	case compare.Depends, compare.Undecided:
		tone = model.ToneWarn
	}
	square := vg.Rectangle{Min: vg.Point{X: at.X, Y: at.Y - checkRow/2}, Max: vg.Point{X: at.X + checkRow, Y: at.Y + checkRow/2}}
	drawSquare(c, model.Mark{Sign: format.Sign(v), Word: string(v), Tone: tone}, square)
	c.FillText(styled(boldFont, ink, draw.XLeft, middle), vg.Point{X: at.X + checkRow + 6, Y: at.Y}, string(v))
}

func posterAlt(m *model.Model) string {
	var parts []string
	for _, r := range m.Table.Rows {
		text := r.Property + ": "
		for _, side := range []model.Side{model.Containers, model.Wasm} {
			if list := leading(r, side); len(list) > 0 {
				text += fmt.Sprintf("%s %s, ", side, extent(list))
			}
		}
		parts = append(parts, text+string(r.Verdict))
	}
	return "Containers versus WebAssembly. " + strings.Join(parts, "; ") + "."
}
