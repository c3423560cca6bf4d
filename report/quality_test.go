package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/bench/stat/diagnose"
	"edgebench/report"
	"edgebench/report/html"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/report/text"
	"edgebench/results"
)

// firstResponse is the key of a system's cold starts of noop in C.
func firstResponse(runner, mode string, rung results.Rung) stat.Key {
	return stat.Key{Metric: coldstart.FirstResponse, Cell: results.Cell{
		System: results.System{Runner: runner, Mode: mode}, Artefact: results.Artefact{Workload: "noop", Build: "c"},
		Experiment: coldstart.Name, Params: coldstart.WarmParams(rung),
	}}
}

// Adaptive trials that were not needed are neither planned nor missing.
func TestAdaptiveTrialsAreCountedApart(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	adaptive := 0
	for _, trial := range plan.Trials() {
		if trial.Adaptive {
			adaptive++
		}
	}
	m := report.Build(plan, env, records)
	c := m.Counts
	if c.Planned != len(plan.Trials())-adaptive || c.Adaptive != 5*reporttest.AdaptiveMade || c.Missing != 0 {
		t.Errorf("counts are %+v of %d trials with %d adaptive ones", c, len(plan.Trials()), adaptive)
	}
	if c.Planned+c.Adaptive != c.OK+c.Failed+c.Unavailable || c.Asked() != fmt.Sprintf("%d planned and 10 adaptive", c.Planned) {
		t.Errorf("counts don't add up: %+v (%s)", c, c.Asked())
	}
	if slices.ContainsFunc(m.Warnings, func(w string) bool { return strings.Contains(w, "resume") }) {
		t.Errorf("warnings are %q", m.Warnings)
	}
}

func TestDisturbedTrialsAreCounted(t *testing.T) {
	q := good().Quality
	if q.Watched != good().Counts.OK || q.Disturbed != 35 || q.Replaced != 5*2 {
		t.Errorf("%d watched, %d disturbed, %d replaced", q.Watched, q.Disturbed, q.Replaced)
	}
	want := []model.Cause{
		{Name: results.MachineSteal, Minimum: 0.12, Maximum: 0.46, Trials: 25},
		{Name: results.MachineIOPressure, Minimum: 0.35, Maximum: 0.35, Trials: 10},
	}
	near := func(a, b model.Cause) bool {
		return a.Name == b.Name && a.Trials == b.Trials && math.Abs(a.Minimum-b.Minimum) < 1e-9 && math.Abs(a.Maximum-b.Maximum) < 1e-9
	}
	if !slices.EqualFunc(q.Causes, want, near) {
		t.Errorf("causes are %+v", q.Causes)
	}
	const said = ": the hypervisor took 12 to 46 % of the processors (25); tasks waited for disks for 35 % of the time (10)"
	if text := q.Disturbances(); !strings.HasSuffix(text, said) {
		t.Errorf("said is %q", text)
	}
}

// Disturbed trials enter figures unless adaptive ones have taken their place.
func TestReplacedTrialsEnterNoFigure(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	for i := range records {
		r := &records[i]
		if r.Experiment == coldstart.Name && r.Workload == "noop" && r.Rung() == results.Cold && r.Machine[results.MachineSteal] > 0.05 {
			for j := range r.Metrics[0].Values {
				r.Metrics[0].Values[j] = 1000
			}
		}
	}
	greatest := map[stat.Key]float64{}
	for _, s := range report.Build(plan, env, records).Export.Summaries {
		greatest[s.Key] = s.Maximum
	}
	for _, s := range []struct {
		runner, mode string
		in           bool
	}{{"wasmtime", "aot", false}, {"wazero", "compiler", false}, {"wasmer", "cranelift-aot", true}, {"docker", "runc-none", true}} {
		if got := greatest[firstResponse(s.runner, s.mode, results.Cold)] == 1000; got != s.in {
			t.Errorf("%s/%s: disturbed trials are in the figure: %v", s.runner, s.mode, got)
		}
	}
}

func TestGrades(t *testing.T) {
	for _, c := range []struct {
		key          stat.Key
		letter, says string
	}{
		{firstResponse("wasmtime", "aot", results.Cold), "A", ""},
		{firstResponse("wazero", "compiler", results.Boot), "B", "its interval extends 8."},
		{firstResponse("process", "plain", results.Cold), "B", "2 of 10 trials were disturbed"},
		{firstResponse("docker", "runc-host", results.Deploy), "C", "the target is 5.0 %"},
		{firstResponse("oci", "runc", results.Hot), "D", "10 of 10 trials were disturbed"},
	} {
		g, graded := good().Quality.Grades[c.key]
		if !graded || g.Letter != c.letter || !strings.Contains(strings.Join(g.Reasons, "; "), c.says) || (c.letter == "A") != (len(g.Reasons) == 0) {
			t.Errorf("%s: %+v, want %s because %q", c.key, g, c.letter, c.says)
		}
	}
}

// A drift leaves no better grade than a C, and failures weigh like
// disturbances.
func TestGradesSeeDriftAndFailures(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	key := firstResponse("wasmtime", "aot", results.Deploy)
	failing := firstResponse("wasmtime", "aot-pooling", results.Deploy)
	for i := range records {
		switch r := &records[i]; {
		case r.Experiment != coldstart.Name:
		case r.Cell == key.Cell:
			for j := range r.Metrics[0].Values {
				r.Metrics[0].Values[j] = (1 + 0.002*float64(r.Block)) * (1 + 1e-5*float64(j%3))
			}
		case r.Cell == failing.Cell && r.Block < 3:
			r.Outcome, r.Error, r.Metrics, r.Phases = results.Failed, "a trap", nil, nil
		}
	}
	grades := report.Build(plan, env, records).Quality.Grades
	if g := grades[key]; g.Letter != "C" || !strings.Contains(g.Why(), "from the first to the last of the run") {
		t.Errorf("the grade of a drift is %+v", g)
	}
	if g := grades[failing]; g.Letter != "C" || !strings.Contains(g.Why(), "3 of 10 trials failed") {
		t.Errorf("the grade with failures is %+v", g)
	}
}

// Without a target there is nothing to grade by, and without a word on the
// machine nothing is an A.
func TestGradesNeedATargetAndAWatch(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	for i := range records {
		records[i].Machine = nil
	}
	q := report.Build(plan, env, records).Quality
	if q.Graded[0] != 0 || q.Graded[1] == 0 || q.Disturbances() != "" {
		t.Errorf("grades without a watch are %v, disturbances %q", q.Graded, q.Disturbances())
	}
	plan.Target = 0
	m := report.Build(plan, env, records)
	if len(m.Quality.Grades) > 0 || m.Quality.GradeLegend() != "" || grids(m, "ladder-")[0].Graded() || m.Quality.Aimed > 0 {
		t.Errorf("without a target quality is %+v", m.Quality)
	}
}

// A core that a neighbour uses too is told apart from what is marked.
func TestContendedCoresAreSaid(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	probed := 0
	for i, r := range records {
		if r.Outcome == results.OK && r.Experiment == coldstart.Name && r.Rung() == results.Hot && r.Runner == "wazero" {
			probe := 1e-6
			if probed == 0 {
				probe = 2e-6
			}
			records[i].Metrics = append(r.Metrics, results.Metric{Name: coldstart.ContentionProbe, Unit: results.Seconds, Values: []float64{probe}})
			probed++
		}
	}
	q := report.Build(plan, env, records).Quality
	if q.Probed != probed || probed < 2 || q.Contended != 1 || !strings.Contains(q.Disturbances(), "trials of short operations had a contended core throughout") {
		t.Errorf("%d of %d are contended, instead of 1 of %d: %s", q.Contended, q.Probed, probed, q.Disturbances())
	}
}

func TestMissesAreTheWidestFirst(t *testing.T) {
	q := good().Quality
	if q.Aimed != 11 || q.Missed != len(q.Misses) || q.Missed == 0 {
		t.Fatalf("%d of %d missed, %d listed", q.Missed, q.Aimed, len(q.Misses))
	}
	if !slices.IsSortedFunc(q.Misses, func(a, b model.Miss) int { return int(1e6 * (b.Width - a.Width)) }) {
		t.Errorf("misses are %+v", q.Misses)
	}
	for _, m := range q.Misses {
		if m.Width <= q.Target {
			t.Errorf("%+v is no miss", m)
		}
	}
}

// The tail of a cell is told apart, and the gravest findings come first.
func TestFindings(t *testing.T) {
	origins := map[string]diagnose.Origin{}
	list := good().Quality.Findings
	for i, c := range list {
		origins[c.Name] = c.Origin
		if i > 0 && c.Weight > list[i-1].Weight {
			t.Errorf("%s comes after %s", c.Name, list[i-1].Name)
		}
	}
	for name, want := range map[string]diagnose.Origin{
		"process/plain noop in c hot first response":         diagnose.FromMachine,
		"wazero/interpreter noop in c pooled first response": diagnose.FromRuntime,
	} {
		if origins[name] != want {
			t.Errorf("the tail of %s is of %q, want %q", name, origins[name], want)
		}
	}
}

// A machine whose kernel or memory is slow says so beside the figures, in each form of the report.
func TestSlowMachineIsNamed(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	for _, c := range []struct {
		costs *results.HostCosts
		says  string // "" for nothing
	}{
		{nil, ""},
		{&results.HostCosts{SystemCall: 200, PageFault: 900, TLBMiss: 60}, ""},
		{&results.HostCosts{SystemCall: 200, PageFault: 12700}, "page fault 12.7 µs (hardware: below 1 µs);"},
		{&results.HostCosts{SystemCall: 1100, PageFault: 1700, TLBMiss: 60}, "slow machine: system call 1.1 µs (hardware: below 0.3 µs);"},
		{&results.HostCosts{SystemCall: 270, PageFault: 1700, TLBMiss: 340}, "slow machine: TLB miss 0.34 µs (hardware: below 60 ns);"},
	} {
		env.Host.Costs = c.costs
		m := report.Build(plan, env, records)
		var table, markdown, full, page bytes.Buffer
		if err := errors.Join(text.Table(&table, m, 80, false), text.Markdown(&markdown, m), text.Full(&full, m, 80, false), html.Write(&page, m)); err != nil {
			t.Fatal(err)
		}
		for name, b := range map[string]*bytes.Buffer{"text": &table, "Markdown": &markdown, "full text": &full, "page": &page} {
			flat := strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "\u00a0", " ")), " ")
			if got := strings.Contains(strings.ToLower(flat), "slow machine"); got != (c.says != "") || !strings.Contains(strings.ToLower(flat), strings.ToLower(c.says)) {
				t.Errorf("with %v the %s says that the machine is slow: %t, want %q", c.costs, name, got, c.says)
			}
		}
	}
}
