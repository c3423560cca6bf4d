package text

import (
	"strings"

	"edgebench/report/format"
	"edgebench/report/model"
)

// pairs prints two builds of a workload side by side.
func (p *page) pairs(x *model.Pairs) {
	p.heading("Builds side by side: " + x.Title)
	columns := p.pairingColumns(x)
	p.titles(columns)
	last := ""
	for _, r := range x.Rows {
		what := ""
		if r.What != last {
			what, last = r.What, r.What
		}
		var cells [][]string
		for i, text := range []string{what, r.System.Name, format.Estimated(r.Base), format.Estimated(r.Apart), r.Factor()} {
			cells = append(cells, wrap(text, columns[i].width))
		}
		p.cells(columns, cells, "")
	}
	p.footnote(pairingLegend(x))
}

// pairingColumns give the figures what names leave.
func (p *page) pairingColumns(x *model.Pairs) []column {
	list := []column{{"", 14}, {"system", mostName}, {x.Base, 0}, {x.Apart, 0}, {"factor", 0}}
	const narrow = 110
	if p.width < narrow {
		list[0].width, list[1].width = 8, 12
	}
	rest := p.width - gap*(len(list)-1) - list[0].width - list[1].width
	const factor = 30 // holds "1.96 × shorter [1.83, 2.09]"
	list[4].width = min(factor, rest*2/5)
	list[2].width = (rest - list[4].width) / 2
	list[3].width = list[2].width
	return list
}

// pairingLegend says how to read it, and what has too few trials.
func pairingLegend(x *model.Pairs) string {
	legend := "medians with their 95 % intervals; the factor is that of " + x.Apart + " to " + x.Base
	for _, r := range x.Rows {
		if r.Base.Interval == nil || r.Apart.Interval == nil {
			return legend + "; without an interval where there are too few trials"
		}
	}
	return legend
}

// toolchains says what made the artefacts.
func (p *page) toolchains(list []model.Toolchain) {
	if len(list) == 0 {
		return
	}
	p.heading("What made the artefacts")
	for _, t := range list {
		text := t.Tools
		if t.Flags != "" {
			text += "; " + t.Flags
		}
		p.paragraph("  "+t.Artefact+": ", text+" ("+strings.Join(t.Workloads, ", ")+")")
	}
}
