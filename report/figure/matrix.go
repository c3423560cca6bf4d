package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"edgebench/report/model"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Measures of a matrix in points.
const (
	mostCheck  vg.Length = 240 // of the name of a check
	mostColumn vg.Length = 150 // of the name of a column, which is set upwards
	mostSquare vg.Length = 26  // width of a square
	squareGap  vg.Length = 1
	checkRow   vg.Length = 14
	legendRow  vg.Length = 16
)

func tones() []pigment {
	return []pigment{
		{"t-good", 0x8FD0B5, 0x2F7D62}, {"t-warn", 0xF2CF7E, 0x9A7420}, {"t-bad", 0xE58B6B, 0xA8492A},
		{"t-neutral", 0xB5CBE0, 0x42607C}, {"t-none", 0xF0F0F3, 0x25262C},
	}
}

func toneColour(t model.Tone) rgb {
	list := tones()
	i := slices.IndexFunc(list, func(p pigment) bool { return p.name == "t-"+t.Name() })
	if i < 0 {
		i = len(list) - 1
	}
	return list[i].light
}

// matrixFigure draws a matrix: a square with the sign of the answer where a check and
// a system meet.
func matrixFigure(m *model.Model, x *model.Matrix) (Figure, bool) {
	p := newMatrixPlan(x)
	if len(p.rows) == 0 || len(x.Columns) == 0 {
		return Figure{}, false
	}
	return Figure{
		Name: x.ID, Title: cmp.Or(x.Picture.Title, x.Title), Conditions: conditions(m, x.Picture.Shows),
		Reading: x.Picture.Reading, Alt: matrixAlt(x),
		height: p.height(), draw: p.draw,
	}, true
}

// matrixPlan says where what stands.
type matrixPlan struct {
	*model.Matrix
	rows          []matrixLine
	left, head    vg.Length
	square        vg.Length
	legendEntries [][]model.Mark
}

// matrixLine is a check, or the title of a group where marks are nil.
type matrixLine struct {
	text  string
	marks []model.Mark
}

func newMatrixPlan(x *model.Matrix) *matrixPlan {
	p := &matrixPlan{Matrix: x}
	for _, g := range x.Groups {
		if len(g.Rows) == 0 {
			continue
		}
		p.rows = append(p.rows, matrixLine{text: g.Title})
		for _, r := range g.Rows {
			p.rows = append(p.rows, matrixLine{r.Name, r.Marks})
			p.left = max(p.left, min(mostCheck, widthOf(r.Name, smallFont)))
		}
	}
	for _, c := range x.Columns {
		p.head = max(p.head, min(mostColumn, widthOf(c.Label(), smallFont)))
	}
	p.left += 10
	p.head += 8
	p.square = min(mostSquare, (width-2*margin-p.left)/vg.Length(max(1, len(x.Columns))))
	p.legendEntries = legendLines(x.Legend)
	return p
}

// legendLines breaks the legend where a line is full.
func legendLines(marks []model.Mark) (lines [][]model.Mark) {
	room := vg.Length(0)
	for _, m := range marks {
		w := markWidth(m)
		if w > room {
			lines, room = append(lines, nil), width-2*margin
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], m)
		room -= w
	}
	return lines
}

func markWidth(m model.Mark) vg.Length { return checkRow + 4 + widthOf(m.Word, smallFont) + 14 }

func (p *matrixPlan) height() vg.Length {
	return p.head + checkRow*vg.Length(len(p.rows)) + legendRow*vg.Length(len(p.legendEntries)) + 8 + bottom
}

// draw fills a canvas of that height.
func (p *matrixPlan) draw(c draw.Canvas) {
	at := vg.Point{X: c.Min.X + p.left, Y: c.Max.Y - p.head}
	for i, column := range p.Columns {
		s := styled(smallFont, ink, draw.XLeft, middle)
		s.Rotation = math.Pi / 2
		x := at.X + p.square*(vg.Length(i)+0.5)
		c.FillText(s, vg.Point{X: x, Y: at.Y + 4}, fit(column.Label(), smallFont, mostColumn))
	}
	for i, line := range p.rows {
		p.drawLine(c, line, vg.Point{X: at.X, Y: at.Y - checkRow*vg.Length(i)})
	}
	at.Y -= checkRow*vg.Length(len(p.rows)) + 8
	for i, marks := range p.legendEntries {
		x := c.Min.X
		y := at.Y - legendRow*vg.Length(i)
		for _, m := range marks {
			drawSquare(c, m, vg.Rectangle{Min: vg.Point{X: x, Y: y - checkRow}, Max: vg.Point{X: x + checkRow, Y: y}})
			c.FillText(styled(smallFont, ink, draw.XLeft, middle), vg.Point{X: x + checkRow + 4, Y: y - checkRow/2}, m.Word)
			x += markWidth(m)
		}
	}
}

// drawLine draws a row whose upper left square begins at a point.
func (p *matrixPlan) drawLine(c draw.Canvas, line matrixLine, at vg.Point) {
	left := at.X - p.left
	if line.marks == nil {
		c.FillText(styled(groupFont, muted, draw.XLeft, middle), vg.Point{X: left, Y: at.Y - checkRow*0.6}, strings.ToUpper(line.text))
		return
	}
	name := fit(line.text, smallFont, mostCheck)
	c.FillText(styled(smallFont, ink, draw.XLeft, middle), vg.Point{X: left, Y: at.Y - checkRow/2}, name)
	for i, m := range line.marks {
		x := at.X + p.square*vg.Length(i)
		drawSquare(c, m, vg.Rectangle{
			Min: vg.Point{X: x, Y: at.Y - checkRow + squareGap}, Max: vg.Point{X: x + p.square - squareGap, Y: at.Y},
		})
	}
}

// drawSquare draws a mark: its colour, and its sign in the middle.
func drawSquare(c draw.Canvas, m model.Mark, r vg.Rectangle) {
	colour := toneColour(model.ToneNone)
	text := muted
	if m.Asked() {
		colour, text = toneColour(m.Tone), ink
	}
	c.SetColor(colour)
	c.Fill(r.Path())
	at := vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
	if lines := strokes(m.Drawn()); lines != nil {
		for _, line := range lines {
			for i := range line {
				line[i] = line[i].Add(at)
			}
			c.StrokeLines(draw.LineStyle{Color: text, Width: 1.3}, line)
		}
		return
	}
	c.FillText(styled(boldFont, text, draw.XCenter, middle), at, m.Drawn())
}

// strokes are the lines of signs that the linked fonts do not have, around their middle; nil
// for other signs.
func strokes(sign string) [][]vg.Point {
	const h = 3 // half of the height
	switch sign {
	case "✓":
		return [][]vg.Point{{{X: -h, Y: 0}, {X: -h / 3, Y: -h}, {X: h, Y: h}}}
	case "✗":
		return [][]vg.Point{{{X: -h, Y: -h}, {X: h, Y: h}}, {{X: -h, Y: h}, {X: h, Y: -h}}}
	}
	return nil
}

// matrixAlt counts the answers of each column.
func matrixAlt(x *model.Matrix) string {
	var parts []string
	for i, column := range x.Columns {
		counts := map[string]int{}
		for _, g := range x.Groups {
			for _, r := range g.Rows {
				if m := r.Marks[i]; m.Asked() {
					counts[m.Word]++
				}
			}
		}
		var words []string
		for _, m := range x.Legend {
			if n := counts[m.Word]; n > 0 {
				words = append(words, fmt.Sprintf("%d %s", n, m.Word))
			}
		}
		if len(words) > 0 {
			parts = append(parts, column.Label()+": "+strings.Join(words, ", "))
		}
	}
	return x.Title + ". " + strings.Join(parts, "; ") + "."
}
