package report_test

import (
	"encoding/json"
	"slices"
	"testing"
	"unicode"

	"edgebench/bench/stat/compare"
	"edgebench/report"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/results"
)

// checkTexts fails for a text that a terminal would act on.
func checkTexts(t *testing.T, m *model.Model) {
	t.Helper()
	raw, err := json.Marshal(struct {
		Table    model.Table
		Facts    []model.Fact
		Warnings []string
		Failures []model.Failure
		LeftOut  []model.LeftOut
		Systems  []model.System
		Answer   []string
		Figures  []model.CellFigure
		Commands []model.Command
	}{m.Table, append(m.Conditions, m.Settings...), m.Warnings, m.Failures, m.LeftOut, m.Systems, m.Answer, m.Figures, m.Commands})
	if err != nil {
		t.Fatal(err)
	}
	var texts any
	if err := json.Unmarshal(raw, &texts); err != nil {
		t.Fatal(err)
	}
	walk(texts, func(s string) {
		for _, r := range s {
			if !unicode.IsPrint(r) {
				t.Errorf("%U in %q", r, s)
			}
		}
	})
}

func walk(v any, f func(string)) {
	switch v := v.(type) {
	case string:
		f(v)
	case []any:
		for _, e := range v {
			walk(e, f)
		}
	case map[string]any:
		for _, e := range v {
			walk(e, f)
		}
	}
}

func TestHostileRecords(t *testing.T) {
	m := report.Build(reporttest.Hostile())
	checkTexts(t, m)
	if len(m.Warnings) == 0 {
		t.Error("nothing was rejected")
	}
}

func TestSmallRuns(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	one := slices.IndexFunc(records, func(r results.Record) bool { return r.Runner == "docker" && r.Outcome == results.OK })
	failed := slices.Clone(records[:50])
	for i := range failed {
		failed[i] = results.Record{Seq: i, Cell: records[i].Cell, Outcome: results.Failed, Error: "no"}
	}
	for name, m := range map[string]*model.Model{
		"nothing":          report.Build(results.Plan{}, results.Environment{}, nil),
		"plan alone":       report.Build(plan, env, nil),
		"records alone":    report.Build(results.Plan{}, results.Environment{}, records[:20]),
		"one trial":        report.Build(plan, env, records[one:one+1]),
		"only failures":    report.Build(plan, env, failed),
		"one runner":       report.Build(plan, results.Environment{}, records[:5]),
		"an absurd budget": report.Build(results.Plan{Budget: -1}, env, nil),
	} {
		if len(m.Table.Rows) != 7 {
			t.Errorf("%s: the table has %d rows", name, len(m.Table.Rows))
		}
		for _, r := range m.Table.Rows {
			if v := r.Verdict; v == compare.Holds || v == compare.Fails || v == compare.Depends {
				t.Errorf("%s: %s %s because %q", name, r.Property, v, r.Because(nil))
			}
		}
		checkTexts(t, m)
	}
}
