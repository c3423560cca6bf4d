package coldstart

import (
	"slices"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// phases splits the medians of cold starts into their phases, a stack for each
// variant and a panel for each rung. The table's artefact comes first and has a
// picture; the others are details.
func phases(v *view.View, variants []section.Variant) []model.Element {
	const title = "What a start consists of"
	var first, others []model.Element
	for _, x := range variants {
		s := &model.Stack{ID: x.ID("phases"), Title: x.Title(title), Of: x.Subject(title), Detail: x.Artefact != v.Plan.Table.Artefact}
		for _, rung := range results.Rungs() {
			if p := panel(v, x, rung); len(p.Bars) > 0 {
				s.Panels = append(s.Panels, p)
			}
		}
		switch {
		case len(s.Panels) == 0:
		case s.Detail:
			others = append(others, model.Element{Stack: s})
		default:
			if len(first) == 0 {
				s.Picture = caption(x)
			}
			first = append(first, model.Element{Stack: s})
		}
	}
	return append(first, others...)
}

func caption(x section.Variant) *model.Caption {
	return &model.Caption{
		Title:   "What a start consists of: " + x.Artefact.String(),
		Shows:   "share of each phase in the median time to the first verified response, which is printed to the right of its bar; " + x.Params.String(),
		Reading: "Each bar is one system's start; all bars have the same length, whatever the time. The parts of a bar are the shares of the phases, in the order of time. The time to the right of a bar compares starts between systems. Phases that do the same work in different systems have the same colour; grey is time that no phase covers.",
	}
}

// panel shows a rung. A request to a live instance has no parts worth a picture.
func panel(v *view.View, x section.Variant, rung results.Rung) model.Panel {
	p := model.Panel{Label: string(rung), Title: x.Title("Phases of " + string(rung) + " starts"), Drawn: rung != results.Hot}
	for _, s := range v.Systems {
		if b, ok := bar(v, x.Cell(coldstart.Name, s, on(x, rung)), s); ok && len(p.Bars) < view.MaxRows {
			p.Bars = append(p.Bars, b)
		}
	}
	return p
}

// bar reports false for a cell without phases.
func bar(v *view.View, c results.Cell, s model.System) (model.Bar, bool) {
	total, ok := v.Summary(stat.Key{Cell: c, Metric: coldstart.FirstResponse})
	if !ok {
		return model.Bar{}, false
	}
	b := model.Bar{System: s, Total: total.Median}
	sum := 0.0
	for _, name := range order(v, c) {
		if part, ok := v.Summary(stat.Key{Cell: c, Metric: stat.PhasePrefix + name}); ok {
			b.Parts = append(b.Parts, model.Part{Name: name, Value: part.Median.Value})
			sum += part.Median.Value
		}
	}
	b.Rest = max(0, total.Median.Value-sum)
	return b, len(b.Parts) > 0
}

// order lists the phases of a cell in the order of time, as the records give them.
func order(v *view.View, c results.Cell) []string {
	var names []string
	for _, r := range v.Records(c) {
		for _, m := range r.Phases {
			if !slices.Contains(names, m.Name) {
				names = append(names, m.Name)
			}
		}
		if len(names) > 0 {
			break
		}
	}
	return names
}
