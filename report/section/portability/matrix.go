package portability

import (
	"fmt"
	"slices"

	"edgebench/bench/experiment/portability"
	"edgebench/report/clean"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// column is a cell whose record has checks.
type column struct {
	model.MatrixColumn
	checks []results.Check
}

// group gives the checks of one group.
func (c column) group(name string) (list []results.Check) {
	for _, check := range c.checks {
		if check.Group == name {
			list = append(list, check)
		}
	}
	return list
}

// columns gives the last record of each cell of a question.
func columns(v *view.View, q question) (all []column) {
	for _, c := range v.Cells() {
		if c.Experiment != portability.Name || c.Params.Get(portability.QuestionParam) != string(q.ask) {
			continue
		}
		records := v.Records(c)
		i := len(records) - 1
		for i >= 0 && len(records[i].Checks) == 0 {
			i--
		}
		if i < 0 {
			continue
		}
		x := column{MatrixColumn: model.MatrixColumn{System: v.System(c.System)}, checks: records[i].Checks}
		switch q.ask {
		case portability.AskPlatform:
			x.Variant = c.Params.Get(portability.PlatformParam)
		case portability.AskArtefact, portability.AskImages:
			x.Variant = c.Artefact.String()
		}
		all = append(all, x)
	}
	return all
}

// maxRows bounds the rows of a matrix.
const maxRows = 400

// matrix shows a question, nothing where it was not asked. A row is a check, in the
// order of the first record that has it.
func matrix(v *view.View, q question) []model.Element {
	all := columns(v, q)
	if len(all) == 0 {
		return nil
	}
	x := &model.Matrix{ID: "portability-" + q.id, Title: q.title}
	if q.pictured {
		x.Picture = &model.Caption{Shows: q.shows, Reading: q.reading}
	}
	var order []string
	for _, c := range all {
		x.Columns = append(x.Columns, c.MatrixColumn)
		for _, check := range c.checks {
			if !slices.Contains(order, check.Group) {
				order = append(order, check.Group)
			}
		}
	}
	shown := 0
	for _, group := range order {
		g := model.MatrixGroup{Title: clean.Text(group)}
		for _, name := range names(all, group) {
			row := rowOf(all, group, name)
			if q.failing && passes(row) || shown == maxRows {
				continue
			}
			shown++
			g.Rows = append(g.Rows, row)
		}
		if len(g.Rows) > 0 {
			x.Groups = append(x.Groups, g)
		}
	}
	x.Legend = legend(x)
	if q.failing {
		x.Notes = append(x.Notes, passedNotes(all)...)
	}
	if shown == 0 && !q.failing {
		return nil
	}
	return []model.Element{{Matrix: x}}
}

// names lists the checks of a group in any column.
func names(all []column, group string) (list []string) {
	for _, c := range all {
		for _, check := range c.checks {
			if check.Group == group && !slices.Contains(list, check.Name) {
				list = append(list, check.Name)
			}
		}
	}
	return list
}

func rowOf(all []column, group, name string) model.MatrixRow {
	row := model.MatrixRow{Name: clean.Text(name)}
	for _, c := range all {
		m := model.Mark{}
		if i := slices.IndexFunc(c.checks, func(x results.Check) bool { return x.Group == group && x.Name == name }); i >= 0 {
			m = mark(c.checks[i])
			m.Word, m.Evidence = clean.Text(m.Word), clean.Text(m.Evidence)
		}
		row.Marks = append(row.Marks, m)
	}
	return row
}

// passes says whether a check passes in all systems that were asked.
func passes(row model.MatrixRow) bool {
	return !slices.ContainsFunc(row.Marks, func(m model.Mark) bool { return m.Asked() && m.Word != portability.ResultPassed })
}

// passedNotes say how many tests each system passes.
func passedNotes(all []column) (notes []string) {
	for _, c := range all {
		passed := 0
		for _, check := range c.checks {
			if check.Result == portability.ResultPassed {
				passed++
			}
		}
		notes = append(notes, fmt.Sprintf("%s passes %d of %s", c.Label(), passed, format.Plural(len(c.checks), "test")))
	}
	return notes
}

// ranNotes say how many modules each system ran.
func ranNotes(all []column) (notes []string) {
	for _, c := range all {
		notes = append(notes, fmt.Sprintf("%s ran %s, each with and without the bits of NaN", c.Label(), format.Plural(len(c.checks)/2, "module")))
	}
	return notes
}

// legend lists the marks that occur, each once.
func legend(x *model.Matrix) (list []model.Mark) {
	for _, g := range x.Groups {
		for _, row := range g.Rows {
			for _, m := range row.Marks {
				m.Evidence = ""
				if m.Asked() && !slices.Contains(list, m) {
					list = append(list, m)
				}
			}
		}
	}
	return list
}
