package portability

import (
	"fmt"
	"slices"

	"edgebench/bench/experiment/portability"
	"edgebench/report/clean"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

var differences = question{id: "differences", title: "Modules of seeds that systems do not agree on", ask: portability.AskDifferences,
	shows:   "modules that were made of seeds and give different things in different systems",
	reading: "Systems with the same letter agree. What the specification leaves open is legal."}

// classMarks are the marks of a module by its class; that of the largest group is
// agreement.
var classMarks = map[portability.Class]model.Mark{
	portability.ClassLegal:  {Sign: "≈", Word: "legal: the bits of NaN", Tone: model.ToneNeutral},
	portability.ClassLimit:  {Sign: "≈", Word: "limit: the stack's depth", Tone: model.ToneNeutral},
	portability.ClassUnread: {Sign: "≈", Word: "unread: what a trap leaves is not shown", Tone: model.ToneNeutral},
	portability.ClassKnown:  {Sign: "✗", Word: "known defect", Tone: model.ToneWarn},
	portability.ClassDefect: {Sign: "!", Word: "defect", Tone: model.ToneBad},
}

var agrees = model.Mark{Sign: "✓", Word: "as most", Tone: model.ToneGood}

// disagreements shows the modules for which systems differ; nothing where modules were
// not run in two systems.
func disagreements(v *view.View) []model.Element {
	all := columns(v, differences)
	if len(all) < 2 {
		return nil
	}
	checks := map[string][]results.Check{}
	x := &model.Matrix{ID: "portability-" + differences.id, Title: differences.title}
	for i, c := range all {
		smaller := minimisedNotes(c)
		all[i].checks = c.group(string(portability.AskDifferences))
		x.Notes = append(x.Notes, smaller...)
		checks[c.Label()] = all[i].checks
		x.Columns = append(x.Columns, c.MatrixColumn)
	}
	list, err := portability.Compare(checks)
	if err != nil {
		v.Warn("modules of seeds are not compared: %v", err)
		return nil
	}
	g := model.MatrixGroup{Title: string(portability.AskDifferences)}
	for _, d := range list[:min(len(list), maxRows)] {
		row := model.MatrixRow{Name: clean.Text(d.Module), Explanation: d.Test}
		for _, c := range all {
			row.Marks = append(row.Marks, markOf(d, c))
		}
		g.Rows = append(g.Rows, row)
	}
	if len(g.Rows) > 0 {
		x.Groups = []model.MatrixGroup{g}
	}
	x.Legend = legend(x)
	x.Notes = append(x.Notes, ranNotes(all)...)
	return []model.Element{{Matrix: x}}
}

// minimisedNotes list the modules of a system that were made smaller.
func minimisedNotes(c column) (notes []string) {
	for _, check := range c.group(portability.GroupMinimised) {
		notes = append(notes, fmt.Sprintf("%s in %s, %s: %s", clean.Text(check.Name), c.Label(), clean.Text(check.Result), clean.Text(check.Evidence)))
	}
	return notes
}

// markOf says whether a system gives what most give.
func markOf(d portability.Difference, c column) model.Mark {
	most := 0
	for _, systems := range d.Results {
		most = max(most, len(systems))
	}
	for result, systems := range d.Results {
		if !slices.Contains(systems, c.Label()) {
			continue
		}
		m := classMarks[d.Class]
		if len(systems) == most {
			m = agrees
		}
		i := slices.IndexFunc(c.checks, func(x results.Check) bool { return x.Name == d.Module && x.Result == result })
		if i >= 0 {
			m.Evidence = clean.Text(c.checks[i].Evidence)
		}
		return m
	}
	return model.Mark{}
}
