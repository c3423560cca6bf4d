package figure

import (
	"strings"

	"edgebench/report/model"
)

// Measures of figures whose rows are systems and whose panels stand side by
// side.
const (
	rowHeight   = 18.0
	groupHeight = 19.0
	panelTop    = 32.0
	panelBottom = 34.0 // room below the rows: tick labels, or a legend
	panelGap    = 14.0
	mostName    = 170.0
)

// frame lays out rows and panels.
type frame struct {
	systems []model.System
	panels  []string
	// y of the middle of each row, and of the label of each group.
	rows    []float64
	groups  []group
	names   float64 // where the panels begin
	panel   float64 // width of one
	bottom  float64 // where the rows end
	leaving float64 // room below
}

type group struct {
	side model.Side
	y    float64
}

func newFrame(systems []model.System, panels []string, leaving float64) frame {
	f := frame{systems: systems, panels: panels, leaving: leaving}
	widest := 60.0
	y := panelTop
	var side model.Side
	for i, s := range systems {
		if i == 0 || s.Side != side {
			side = s.Side
			f.groups = append(f.groups, group{side, y + groupHeight - 6})
			y += groupHeight
		}
		f.rows = append(f.rows, y+rowHeight/2)
		y += rowHeight
		widest = max(widest, widthOf(s.Name, plainFont))
	}
	f.bottom = y + 4
	f.names = margin + min(widest, mostName) + 12
	n := float64(len(panels))
	f.panel = (width - margin - f.names - (n-1)*panelGap) / n
	return f
}

func (f frame) height() float64 { return f.bottom + panelBottom + f.leaving }

// left edge of a panel.
func (f frame) x(panel int) float64 { return f.names + float64(panel)*(f.panel+panelGap) }

// paint draws names, groups, stripes and the titles of the panels.
func (f frame) paint(p *page) {
	for i, s := range f.systems {
		if i%2 == 0 {
			p.box(margin, f.rows[i]-rowHeight/2, width-2*margin, rowHeight, stripe)
		}
		p.text(margin+4, f.rows[i]+3.5, fit(s.Name, plainFont, mostName), plainFont, ink, left)
	}
	for _, g := range f.groups {
		p.text(margin+4, g.y+2, strings.ToUpper(string(g.side)), boldSmall, muted, left)
		p.line(grid, 0.75, nil, margin, g.y+6, width-margin, g.y+6)
	}
	for i, title := range f.panels {
		p.text(f.x(i), panelTop-12, fit(title, boldFont, f.panel), boldFont, ink, left)
	}
}

var boldSmall = sans(7.5, true)
