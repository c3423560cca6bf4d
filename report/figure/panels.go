package figure

import (
	"strings"

	"edgebench/report/model"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Measures of panels in points.
const (
	rowHeight vg.Length = 18
	panelGap  vg.Length = 10
	mostName  vg.Length = 140
	bottom    vg.Length = 10 // free below
)

// panels are plots side by side that share the rows to their left. A row is 1
// high; y runs downwards from 0.
type panels struct {
	plots []*plot.Plot
	// y of the middle of each system's row.
	y []float64
	// names is the plot of what the panels share. It spans them all.
	names *plot.Plot
	// left is where the first panel begins, panel the width of each.
	left, panel vg.Length
}

// newPanels has a row for each system, below a heading for each side.
func newPanels(systems []model.System, titles []string) *panels {
	p := &panels{}
	total := 0.0
	bands := &plotter.Polygon{Color: stripe}
	names := &plotter.Labels{Offset: vg.Point{X: 4}}
	var rules []plot.Plotter
	for i, s := range systems {
		if i == 0 || s.Side != systems[i-1].Side {
			write(names, 0, total+0.55, strings.ToUpper(string(s.Side)), styled(groupFont, muted, draw.XLeft, middle))
			total++
			rules = append(rules, &plotter.Line{XYs: plotter.XYs{{X: 0, Y: total}, {X: 1, Y: total}}, LineStyle: gridLine})
		}
		if i%2 == 0 {
			bands.XYs = append(bands.XYs, plotter.XYs{{X: 0, Y: total}, {X: 1, Y: total}, {X: 1, Y: total + 1}, {X: 0, Y: total + 1}})
		}
		p.y = append(p.y, total+0.5)
		write(names, 0, total+0.5, fit(s.Name, plainFont, mostName), styled(plainFont, ink, draw.XLeft, middle))
		p.left = max(p.left, min(mostName, widthOf(s.Name, plainFont)))
		total++
	}
	p.left = max(60, p.left) + 16
	n := vg.Length(len(titles))
	p.panel = (width - 2*margin - p.left - (n-1)*panelGap) / n
	p.names = newPanel("", total)
	p.names.HideX()
	p.names.Add(bands, names)
	p.names.Add(rules...)
	p.names.X.Min, p.names.X.Max = 0, 1
	for _, title := range titles {
		p.plots = append(p.plots, newPanel(fit(title, boldFont, p.panel), total))
	}
	return p
}

// newPanel is a plot without a y axis.
func newPanel(title string, rows float64) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.Title.Text, p.Title.Padding = title, 6
	p.Title.TextStyle = styled(boldFont, ink, draw.XCenter, draw.YTop)
	styleAxis(&p.X)
	styleAxis(&p.Y)
	p.HideY()
	p.Y.Min, p.Y.Max, p.Y.Scale = 0, rows, plot.InvertedScale{Normalizer: plot.LinearScale{}}
	return p
}

// height of all that draw draws.
func (p *panels) height() vg.Length {
	const tall = 1000
	c := p.plots[0].DataCanvas(draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: p.panel, Y: tall}}})
	return rowHeight*vg.Length(p.names.Y.Max) + tall - (c.Max.Y - c.Min.Y) + bottom
}

// draw fills a canvas of that height.
func (p *panels) draw(c draw.Canvas) {
	c.Min.Y += bottom
	tiles := draw.Tiles{Rows: 1, Cols: len(p.plots), PadX: panelGap, PadLeft: p.left}
	places := plot.Align([][]*plot.Plot{p.plots}, tiles, c)[0]
	data := p.plots[0].DataCanvas(places[0])
	data.Min.X, data.Max.X = c.Min.X, c.Max.X
	p.names.Draw(data)
	for i, panel := range p.plots {
		panel.Draw(places[i])
	}
}

// write adds a text to labels.
func write(l *plotter.Labels, x, y float64, text string, s draw.TextStyle) {
	l.XYs = append(l.XYs, plotter.XY{X: x, Y: y})
	l.Labels = append(l.Labels, text)
	l.TextStyle = append(l.TextStyle, s)
}
