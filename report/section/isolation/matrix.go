package isolation

import (
	"slices"
	"strings"

	"edgebench/bench/experiment/isolation"
	"edgebench/report/clean"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// row is a check with what a reader must know of it.
type row struct {
	group, name, explanation string
	// wanted says that it is good if the check is allowed; open that it is neither good
	// nor bad.
	wanted, open bool
}

// attemptRows are those of the attempts.
func attemptRows() (all []row) {
	for _, a := range isolation.Attempts() {
		explanation := a.Explanation
		if a.Goal != isolation.NoGoal {
			explanation += " (" + string(a.Goal) + ")"
		}
		all = append(all, row{string(a.Group), a.Name, explanation, a.Group == isolation.GroupGiven, a.Goal == isolation.NoGoal})
	}
	return all
}

// surfaceRows are those of checks that an artefact's records have.
func surfaceRows(v *view.View, x section.Variant) (all []row) {
	for _, s := range v.Systems {
		for _, policy := range isolation.Policies() {
			for _, r := range v.Records(x.Cell(isolation.Name, s, isolation.Params(policy))) {
				for _, c := range r.Checks {
					known := slices.ContainsFunc(all, func(o row) bool { return o.group == c.Group && o.name == c.Name })
					if !known && len(all) < view.MaxRows {
						all = append(all, row{group: c.Group, name: c.Name, open: true})
					}
				}
			}
		}
	}
	return all
}

// matrices are those of an artefact: one for modules, one for all else.
func matrices(v *view.View, x section.Variant, what string, rows []row) (all []model.Element) {
	for _, part := range []struct {
		of, where string
		wasm      bool
	}{{"checks-wasm", "WebAssembly runtimes", true}, {"checks-native", "processes and containers", false}} {
		m := &model.Matrix{ID: x.ID(part.of), Title: x.Title(what + " in " + part.where)}
		if x.Workload == isolation.Guest {
			m.Picture = picture()
		}
		var columns []map[string]results.Check
		for _, s := range v.Systems {
			if (s.Side == model.Wasm) != part.wasm {
				continue
			}
			for _, policy := range isolation.Policies() {
				cell := x.Cell(isolation.Name, s, isolation.Params(policy))
				if checks := worst(v.Records(cell)); len(checks) > 0 && len(columns) < maxColumns {
					m.Columns = append(m.Columns, model.MatrixColumn{System: s, Variant: policy})
					columns = append(columns, checks)
				}
			}
		}
		if len(columns) == 0 {
			continue
		}
		fill(m, rows, columns)
		all = append(all, model.Element{Matrix: m})
	}
	return all
}

func picture() *model.Caption {
	return &model.Caption{
		Shows:   "the result of each check in each system, under the default policy and hardened",
		Reading: "A tick is a denial, ≤ a limit, and a cross an attempt that reached its goal. Evidence, reason and advisory stand with each mark on the page.",
	}
}

// maxColumns bounds the columns of a matrix.
const maxColumns = 120

// fill makes the groups and the legend.
func fill(m *model.Matrix, rows []row, columns []map[string]results.Check) {
	for _, r := range rows {
		if n := len(m.Groups); n == 0 || m.Groups[n-1].Title != r.group {
			m.Groups = append(m.Groups, model.MatrixGroup{Title: r.group})
		}
		out := model.MatrixRow{Name: r.name, Explanation: r.explanation}
		for i, checks := range columns {
			c, ok := checks[key(r.group, r.name)]
			if !ok {
				out.Marks = append(out.Marks, model.Mark{})
				continue
			}
			mark := markOf(r, c)
			m.Legend = legend(m.Legend, mark)
			mark.Evidence = evidence(c, m.Columns[i])
			out.Marks = append(out.Marks, mark)
		}
		last := &m.Groups[len(m.Groups)-1]
		last.Rows = append(last.Rows, out)
	}
}

func key(group, name string) string { return group + "/" + name }

// severity orders results: of several trials the worst is shown.
var severity = []string{isolation.Absent, isolation.Denied, isolation.Limited, isolation.Allowed, isolation.Hung, isolation.Crashed}

// worst gives the checks of all trials, by group and name.
func worst(records []*results.Record) map[string]results.Check {
	all := map[string]results.Check{}
	for _, r := range records {
		for _, c := range r.Checks {
			k := key(c.Group, c.Name)
			if was, ok := all[k]; !ok || slices.Index(severity, c.Result) > slices.Index(severity, was.Result) {
				all[k] = c
			}
		}
	}
	return all
}

// markOf says how a result is shown.
func markOf(r row, c results.Check) model.Mark {
	m := model.Mark{Sign: "?", Word: clean.Message(c.Result), Tone: model.ToneNeutral}
	switch c.Result {
	case isolation.Absent:
		m.Sign, m.Tone = "–", model.ToneNone
	case isolation.Denied:
		m.Sign, m.Tone = "✓", model.ToneGood
		if r.wanted {
			m.Word, m.Sign, m.Tone = "not given", "o", model.ToneNeutral
		}
	case isolation.Limited:
		m.Sign, m.Tone = "≤", model.ToneGood
	case isolation.Allowed:
		m.Sign, m.Tone = "✗", model.ToneBad
		if r.wanted {
			m.Word, m.Sign, m.Tone = "given", "+", model.ToneGood
		} else if r.open {
			m.Word, m.Sign, m.Tone = "possible", "~", model.ToneWarn
		}
	case isolation.Given, isolation.Yes:
		m.Sign = "•"
	case isolation.Empty:
		m.Sign, m.Tone = "o", model.ToneNone
	case isolation.No:
		m.Sign, m.Tone = "–", model.ToneNone
	case isolation.Crashed:
		m.Sign, m.Tone = "†", model.ToneBad
	case isolation.Hung:
		m.Sign, m.Tone = "∞", model.ToneBad
	}
	if c.Unexpected() {
		m.Word, m.Sign, m.Tone = m.Word+", unexpected", "!", model.ToneBad
	}
	return m
}

// evidence is what was seen, and what is known of it.
func evidence(c results.Check, column model.MatrixColumn) string {
	parts := []string{c.Evidence}
	known := isolation.Expected(c.Group, c.Name, column.System.Of(), column.Variant)
	if c.Unexpected() {
		parts = append(parts, "expected: "+c.Expected)
	} else if known.Result == c.Result {
		parts = append(parts, known.Reason, known.Advisory)
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return clean.Text(strings.Join(parts, "; "))
}

// legend adds a mark that is not there yet.
func legend(list []model.Mark, m model.Mark) []model.Mark {
	if slices.Contains(list, m) {
		return list
	}
	return append(list, m)
}
