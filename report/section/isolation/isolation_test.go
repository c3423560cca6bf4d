package isolation

import (
	"slices"
	"strings"
	"testing"

	"edgebench/bench/experiment/isolation"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

var systems = []results.System{{Runner: "wazero", Mode: "compiler"}, {Runner: "oci", Mode: "embedded"}}

// record is a trial of a system, with the goals that it reached.
func record(s results.System, policy string, goals float64, checks ...results.Check) results.Record {
	return results.Record{
		Schema: results.Schema, Run: "r", Outcome: results.OK,
		Cell: results.Cell{
			System: s, Artefact: results.Artefact{Workload: isolation.Guest, Build: "c"}, Experiment: isolation.Name, Params: isolation.Params(policy),
		},
		Metrics: []results.Metric{{Name: isolation.GoalsReached, Unit: results.Count, Values: []float64{goals}}},
		Checks:  checks,
	}
}

// viewOf makes a run of the records, with a class for each side.
func viewOf(records ...results.Record) *view.View {
	rewrite := []results.Artefact{{Workload: "rewrite", Build: "c"}}
	plan := results.Plan{Table: results.Table{Classes: []results.Class{
		{Side: "containers", What: "minimal image", How: "no engine", Lead: true, Artefacts: rewrite, Systems: systems[1:]},
		{Side: "containers", What: "distribution image", How: "no engine", Artefacts: rewrite, Systems: systems[1:]},
		{Side: "WASM", What: "small module", How: "compiled ahead", Lead: true, Artefacts: rewrite, Systems: systems[:1]},
	}}}
	v := view.New(plan, results.Environment{}, records, nil)
	v.Summarise()
	return v
}

func check(group, name, result, expected string) results.Check {
	return results.Check{Group: group, Name: name, Result: result, Expected: expected, Evidence: "seen"}
}

// find gives the mark of a check in the column of a matrix.
func find(t *testing.T, sections []model.Section, name string, s results.System, policy string) model.Mark {
	t.Helper()
	for _, e := range sections[0].Elements {
		if e.Matrix == nil {
			continue
		}
		column := slices.IndexFunc(e.Matrix.Columns, func(c model.MatrixColumn) bool { return c.System.Is(s) && c.Variant == policy })
		for _, g := range e.Matrix.Groups {
			for _, r := range g.Rows {
				if r.Name == name && column >= 0 {
					return r.Marks[column]
				}
			}
		}
	}
	t.Fatalf("there is no check %s of %s", name, s)
	return model.Mark{}
}

func TestMarks(t *testing.T) {
	v := viewOf(
		record(systems[0], isolation.Default, 1, check("files", "relative-symlink", "allowed", "allowed"), check("files", "dots", "allowed", "denied"),
			check("given", "read", "allowed", "allowed"), check("kernel", "mount", "absent", "absent"), check("exhaustion", "polls", "crashed", "")),
		record(systems[0], isolation.Default, 1, check("files", "relative-symlink", "denied", "allowed")),
		record(systems[1], isolation.Hardened, 0, check("files", "relative-symlink", "denied", "denied"), check("kernel", "ptrace", "allowed", "")),
	)
	sections := build(v)
	for _, c := range []struct {
		name   string
		system int
		policy string
		sign   string
		tone   model.Tone
		has    string // evidence
	}{
		{"relative-symlink", 0, isolation.Default, "✗", model.ToneBad, "wazero/issues/2321"}, // the worst of two trials
		{"dots", 0, isolation.Default, "!", model.ToneBad, "expected: denied"},
		{"mount", 0, isolation.Default, "–", model.ToneNone, "WASI has no system calls"},
		{"polls", 0, isolation.Default, "†", model.ToneBad, "seen"},
		{"relative-symlink", 1, isolation.Hardened, "✓", model.ToneGood, "mounts"},
		{"ptrace", 1, isolation.Hardened, "~", model.ToneWarn, "seen"},
	} {
		m := find(t, sections, c.name, systems[c.system], c.policy)
		if m.Sign != c.sign || m.Tone != c.tone || !strings.Contains(m.Evidence, c.has) {
			t.Errorf("%s of %s: %+v, want %s %s with %q", c.name, systems[c.system], m, c.sign, c.tone, c.has)
		}
	}
}

// The row counts goals, one for each policy; a class of systems that are in another class
// too is not shown twice.
func TestRows(t *testing.T) {
	var records []results.Record
	for _, policy := range isolation.Policies() {
		records = append(records, record(systems[0], policy, 0), record(systems[1], policy, 2))
	}
	list := rows(viewOf(records...))
	if len(list) != len(isolation.Policies()) {
		t.Fatalf("%d rows", len(list))
	}
	for _, r := range list {
		if len(r.Classes) != 2 || r.Verdict != "holds" {
			t.Errorf("%s: %d classes, %s", r.Property, len(r.Classes), r.Verdict)
		}
	}
	if list := rows(viewOf()); len(list) != 1 || list[0].Verdict != "not measured" {
		t.Errorf("without a trial: %+v", list)
	}
}
