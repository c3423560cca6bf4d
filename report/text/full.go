package text

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"edgebench/report/format"
	"edgebench/report/model"
)

// Full prints the complete report: conditions, the table, and every section without
// charts and details, which only the HTML page has.
func Full(w io.Writer, m *model.Model, width int, colour bool) error {
	p := newPage(width, colour)
	p.conditions(m)
	if m.Programs != nil {
		p.programs(m.Programs)
	}
	if m.HasTable() {
		p.table(&m.Table)
	}
	for _, s := range m.Sections {
		for _, e := range s.Elements {
			p.element(e)
		}
	}
	p.quality(&m.Quality)
	p.toolchains(m.Toolchains)
	p.ends(m)
	return p.flush(w)
}

func (p *page) element(e model.Element) {
	switch {
	case e.Grid != nil:
		p.grid(e.Grid)
	case e.List != nil:
		p.list(e.List)
	case e.Stack != nil && !e.Stack.Detail:
		p.stack(e.Stack)
	case e.Pairs != nil:
		p.pairs(e.Pairs)
	case e.Matrix != nil:
		p.matrix(e.Matrix)
	}
}

func (p *page) conditions(m *model.Model) {
	p.heading(m.Title)
	p.slowed(m)
	for _, f := range m.Conditions {
		p.paragraph("  "+f.Name+": ", f.Value)
	}
	if line := m.CostsLine(); line != "" {
		p.paragraph("  ", line)
	}
	var settings []string
	for _, f := range m.Settings {
		settings = append(settings, f.Name+"="+f.Value)
	}
	if len(settings) > 0 {
		p.paragraph("  settings: ", strings.Join(settings, ", "))
	}
	if list := releases(m.Systems); len(list) > 0 {
		p.paragraph("  systems: ", strings.Join(list, "; "))
	}
	c := m.Counts
	text := fmt.Sprintf("%s, %d ok, %d failed, %d unavailable, %d without a record", c.Asked(), c.OK, c.Failed, c.Unavailable, c.Missing)
	if c.GivenUp > 0 {
		text += ", " + c.NotBegun()
	}
	p.paragraph("  trials: ", text)
	if text := m.Quality.Disturbances(); text != "" {
		p.paragraph("  disturbed: ", text)
	}
}

// releases names each version of each runner once, with its age.
func releases(systems []model.System) (list []string) {
	for _, s := range systems {
		if s.Version == "" {
			continue
		}
		s.Name = s.Runner
		if label := s.Label(); !slices.Contains(list, label) {
			list = append(list, label)
		}
	}
	return list
}

// slowed warns above all figures of those that are slow on purpose.
func (p *page) slowed(m *model.Model) {
	if m.Slowed != "" {
		p.paragraph("  WARNING: ", m.Slowed)
	}
}

// ends prints failures, what was left out, and warnings.
func (p *page) ends(m *model.Model) {
	if len(m.Failures) > 0 {
		p.heading("Failures")
		for _, f := range m.Failures {
			p.paragraph("  ", fmt.Sprintf("%s: %s, %s (the first is %d)", f.Cell, format.Plural(f.Trials, "trial"), f.Reason, f.Seq))
		}
	}
	if len(m.LeftOut) > 0 {
		p.heading("Left out")
		for _, l := range m.LeftOut {
			p.paragraph("  ", l.What+": "+l.Reason)
		}
	}
	if len(m.Warnings) > 0 {
		p.heading("Warnings")
		for _, w := range m.Warnings {
			p.paragraph("  ", w)
		}
	}
}
