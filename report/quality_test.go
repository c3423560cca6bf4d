package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"edgebench/bench/stat"
	"edgebench/report"
	"edgebench/report/reporttest"
	"edgebench/results"
)

// firstResponse is the key of a system's cold starts of noop in C.
func firstResponse(runner, mode string, rung results.Rung) stat.Key {
	return stat.Key{
		Experiment: results.ColdStart, Metric: results.FirstResponse,
		Cell:       results.Cell{Runner: runner, Mode: mode, Workload: "noop", Language: "c", Rung: rung},
		Conditions: stat.NewConditions(map[string]string{results.PageCache: "warm"}),
	}
}

// Spare trials that were not needed are neither planned nor missing.
func TestSpareTrialsAreCountedApart(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	spare := 0
	for _, trial := range plan.Trials {
		if trial.Spare {
			spare++
		}
	}
	m := report.Build(plan, env, records)
	c := m.Counts
	if c.Planned != len(plan.Trials)-spare || c.Spare != 5*reporttest.SparesMade || c.Missing != 0 {
		t.Errorf("counts are %+v of %d trials with %d spare ones", c, len(plan.Trials), spare)
	}
	if c.Planned+c.Spare != c.OK+c.Failed+c.Unavailable || c.Asked() != fmt.Sprintf("%d planned and 10 spare", c.Planned) {
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
	want := []report.Reason{
		{Text: "the hypervisor took 12 to 46 % of the processors", Trials: 25},
		{Text: "tasks waited for disks for 35 % of the time", Trials: 10},
	}
	if !slices.Equal(q.Reasons, want) {
		t.Errorf("reasons are %+v", q.Reasons)
	}
}

// Disturbed trials enter figures unless spare ones have taken their place.
func TestReplacedTrialsEnterNoFigure(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	for i := range records {
		r := &records[i]
		if r.Experiment == results.ColdStart && r.Cell.Workload == "noop" && r.Cell.Rung == results.Cold && len(r.Disturbed) > 0 {
			for j := range r.Metrics[0].Values {
				r.Metrics[0].Values[j] = 1000
			}
		}
	}
	greatest := map[stat.Key]float64{}
	for _, s := range report.Build(plan, env, records).Summaries {
		greatest[s.Key] = s.Greatest
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
		{firstResponse("wazero", "compiler", results.Boot), "B", "its interval reaches 8."},
		{firstResponse("process", "plain", results.Cold), "B", "2 of 10 trials were disturbed"},
		{firstResponse("docker", "runc-host", results.Deploy), "C", "the target is 5.0 %"},
		{firstResponse("oci", "runc", results.Hot), "D", "10 of 10 trials were disturbed"},
	} {
		g, graded := good().Quality.Grades[c.key]
		if !graded || g.Letter != c.letter || !strings.Contains(strings.Join(g.Reasons, "; "), c.says) || (c.letter == "A") != (len(g.Reasons) == 0) {
			t.Errorf("%s: %+v, want %s because %q", c.key, g, c.letter, c.says)
		}
	}
	sum := 0
	for _, n := range good().Quality.Graded {
		sum += n
	}
	if sum != len(good().Quality.Grades) {
		t.Errorf("%d grades are counted, %d given", sum, len(good().Quality.Grades))
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
		case r.Experiment != results.ColdStart:
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
		records[i].Machine, records[i].Disturbed = nil, nil
	}
	q := report.Build(plan, env, records).Quality
	if q.Graded[0] != 0 || q.Graded[1] == 0 || q.Disturbances() != "" {
		t.Errorf("grades without a watch are %v, disturbances %q", q.Graded, q.Disturbances())
	}
	plan.Target = 0
	m := report.Build(plan, env, records)
	if len(m.Quality.Grades) > 0 || m.Quality.GradeLegend() != "" || m.Ladders[0].Graded() || m.Quality.Aimed > 0 {
		t.Errorf("without a target quality is %+v", m.Quality)
	}
}

// A core that a neighbour uses too is told apart from what is marked.
func TestSharedCoresAreSaid(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	paced := 0
	for i, r := range records {
		if r.Outcome == results.OK && r.Cell.Rung == results.Hot && r.Cell.Runner == "wazero" {
			pace := 1e-6
			if paced == 0 {
				pace = 2e-6
			}
			records[i].Metrics = append(r.Metrics, results.Metric{Name: results.Pace, Unit: results.Seconds, Values: []float64{pace}})
			paced++
		}
	}
	q := report.Build(plan, env, records).Quality
	if q.Paced != paced || paced < 2 || q.Shared != 1 || !strings.Contains(q.Disturbances(), "short operations 1 were hardly ever alone") {
		t.Errorf("%d of %d are shared, instead of 1 of %d: %s", q.Shared, q.Paced, paced, q.Disturbances())
	}
}

func TestMissesAreTheWidestFirst(t *testing.T) {
	q := good().Quality
	if q.Aimed != 11 || q.Missed != len(q.Misses) || q.Missed == 0 {
		t.Fatalf("%d of %d missed, %d listed", q.Missed, q.Aimed, len(q.Misses))
	}
	if !slices.IsSortedFunc(q.Misses, func(a, b report.Miss) int { return int(1e6 * (b.Width - a.Width)) }) {
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
	origins := map[string]stat.Origin{}
	list := good().Quality.Findings
	for i, c := range list {
		origins[c.Name] = c.Origin
		if i > 0 && c.Weight > list[i-1].Weight {
			t.Errorf("%s comes after %s", c.Name, list[i-1].Name)
		}
	}
	for name, want := range map[string]stat.Origin{
		"process/plain noop in c hot first response":         stat.FromMachine,
		"wazero/interpreter noop in c pooled first response": stat.FromRuntime,
	} {
		if origins[name] != want {
			t.Errorf("the tail of %s is of %q, want %q", name, origins[name], want)
		}
	}
}
