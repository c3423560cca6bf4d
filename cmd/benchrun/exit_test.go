package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"edgebench/bench"
	"edgebench/results"
)

func TestMistakesExitWith2(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "c.toml")
	for path, content := range map[string]string{
		config: "bugdet = 1\n", filepath.Join(dir, "plan.json"): "{", filepath.Join(dir, "file"): "",
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"frobnicate"},
		{"--profil", "quick"},
		{"run", "extra"},
		{"run", "--profile", "tiny"},
		{"run", "--runner", "wazro"},
		{"run", "--rung", "lukewarm"},
		{"run", "--seed", "many"},
		{"run", "--slow", "wazro=5%"},
		{"run", "--slow", "wazero=5"},
		{"run", "--slow", "wazero=1001%"},
		{"run", "--runner", "process", "--slow", "wazero=5%"},
		{"run", "--config", config},
		{"run", "--profile", "quick", "--config", config},
		{"run", "--out", filepath.Join(dir, "file", "below")},
		{"run", "--out", "x", "--resume", "y"},
		{"run", "--resume", dir},
		{"run", "--resume", filepath.Join(dir, "file")},
		{"run", "--resume", filepath.Join(dir, "nowhere")},
		{"run", "--resume", dir, "--runner", "wazero"},
		{"report"},
		{"report", dir},
		{"compare", dir},
		{"compare", dir, dir},
		{"compare", references(t)[0], references(t)[0], "--fail-if", "worse"},
		{"report", references(t)[0], "--fail-if", "colld.p50 > 1ms"},
		{"run", "--fail-if", "colld.p50 > 1ms"},
		{"try", "app.wasm", "--fail-if", "cold.p50 = 1ms"},
		{"report", references(t)[0], "--fail-if", "cold.p50 > 1ms runner=nobody"},
		{"report", references(t)[0], "--figures", "poster"},
		{"report", references(t)[0], "--style", "pink"},
		{"report", references(t)[0], "--figures", "nothing", "--png", t.TempDir()},
		{"list", "--jsn"},
		{"doctor", "me"},
		{"doctor", "--fix", "--json"},
		{"calibrate", "me"},
		{"calibrate", "--part", "nonsense"},
		{"calibrate", "--runner", "wazro"},
		{"comapre"},
		{"run", "--profile", "quik"},
		{"run", "--runner", ""},
		{"run", "--rung", "cold,"},
		{"run", "--runner", "wazero", "--slow", "wazero/compiler=5%"},
		{"compare", references(t)[0], references(t)[0], "--fail-if", "slower runner=wasmtim"},
		{"compare", references(t)[0], references(t)[0], "--fail-if", "slower rung=colld"},
		{"compare", references(t)[0], references(t)[0], "--fail-if", "slower runner=wazero/compile"},
		{"compare", references(t)[0], references(t)[0], "--fail-if", "slower runner=wazero/ mode=compiler"},
	} {
		var out, said bytes.Buffer
		if code := run(args, &out, &said); code != exitUsage {
			t.Errorf("%v: exit code %d, want %d", args, code, exitUsage)
		}
		text := strings.TrimSpace(said.String())
		if !strings.HasPrefix(text, "benchrun: ") || strings.Contains(text, "\n") {
			t.Errorf("%v: not one line: %q", args, text)
		}
	}
}

// A comparison that trips a threshold is told apart from one that fails.
func TestThresholdExitsWith3(t *testing.T) {
	var out, said bytes.Buffer
	dir := references(t)[0]
	if code := run([]string{"compare", dir, dir, "--fail-if", "slower"}, &out, &said); code != exitOK {
		t.Errorf("a run beside itself: exit code %d, %s", code, said.String())
	}
	if code := run([]string{"compare", dir, dir, "--fail-if", "undecided"}, &out, &said); code != exitTripped {
		t.Errorf("with a threshold that trips: exit code %d, %s", code, said.String())
	}
	if code := run([]string{"report", dir, "--fail-if", "cold.p50 > 1h"}, &out, &said); code != exitOK {
		t.Errorf("a limit that nothing exceeds: exit code %d, %s", code, said.String())
	}
	if code := run([]string{"report", dir, "--fail-if", "cold.p50 > 1us runner=wazero"}, &out, &said); code != exitTripped {
		t.Errorf("a limit that figures exceed: exit code %d, %s", code, said.String())
	}
}

// A run of which nothing could be measured fails, also where nothing went wrong.
func TestNothingMeasuredExitsWith1(t *testing.T) {
	for name, c := range map[string]struct {
		outcome results.Outcome
		reason  string
		sum     bench.Summary
		want    int
	}{
		"unavailable": {results.Unavailable, "no engine", bench.Summary{Unavailable: 1}, exitFailed},
		"given up":    {results.Failed, "no response", bench.Summary{Failed: 2, GivenUp: 3}, exitFailed},
		"measured":    {results.OK, "", bench.Summary{OK: 1, Unavailable: 1}, exitOK},
	} {
		c.sum.Dir = recordedRun(t, c.outcome, c.reason)
		var out, said bytes.Buffer
		if code := exitCode(conclude(console{out: &out, err: &said}, newProgress(&said), c.sum, nil, nil), &said); code != c.want {
			t.Errorf("%s: exit code %d, want %d: %s", name, code, c.want, said.String())
		}
		if n := c.sum.GivenUp; n > 0 && !strings.Contains(out.String(), "0 trials ok, 2 failed, 3 given up. Report: ") {
			t.Errorf("%s: the last line is missing in %s", name, out.String())
		}
	}
}

// recordedRun makes a run of one record.
func recordedRun(t *testing.T, outcome results.Outcome, reason string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	cell := results.Cell{System: results.System{Runner: "wazero", Mode: "compiler"}, Artefact: results.Artefact{Workload: "noop", Build: "c"}, Experiment: "size"}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	run, err := results.Create(dir,
		results.Plan{Schema: results.Schema, Run: "r", Specs: []results.Spec{{Cell: cell, Trials: 5}}},
		results.Environment{Schema: results.Schema, Run: "r", At: at})
	if err == nil {
		err = run.Append(results.Record{Schema: results.Schema, Run: "r", Cell: cell, At: at, Outcome: outcome, Error: reason,
			Metrics: []results.Metric{}, Phases: []results.Metric{}, Warnings: []results.Warning{}})
	}
	if err == nil {
		err = run.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// A report that can't be written, as on a full disk, costs neither the table nor the
// hint at how to make it later.
func TestNoRoomForTheReport(t *testing.T) {
	dir := recordedRun(t, results.OK, "")
	if err := os.Mkdir(filepath.Join(dir, results.ReportFile), 0o700); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	if code := exitCode(conclude(console{out: &out, err: &said}, newProgress(&said), bench.Summary{Dir: dir, OK: 1}, nil, nil), &said); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	if !strings.Contains(out.String(), "Containers versus WebAssembly") || !strings.Contains(out.String(), "1 trials ok. There is no report.") {
		t.Errorf("there is no table or no last line: %s", out.String())
	}
	if !strings.Contains(said.String(), "benchrun report "+dir+" --html ") {
		t.Errorf("there is no hint: %s", said.String())
	}
}

// A run whose engine was lost says how to complete it.
func TestALostEngineExitsWith1(t *testing.T) {
	dir := recordedRun(t, results.OK, "")
	var out, said bytes.Buffer
	err := conclude(console{out: &out, err: &said}, newProgress(&said), bench.Summary{Dir: dir, OK: 1, Left: 4}, nil, bench.ErrLost)
	if code := exitCode(err, &said); code != exitFailed || !strings.Contains(said.String(), "benchrun run --resume "+dir) {
		t.Errorf("exit code %d, want %d; said %s", code, exitFailed, said.String())
	}
}

// A name that matches nothing is told with the nearest that does:
// https://github.com/dotnet/BenchmarkDotNet/issues/829,
// https://github.com/tenstorrent/polaris/issues/517. A value that is no number is told
// without the words of a library: https://github.com/spf13/pflag/issues/269.
func TestNearestNames(t *testing.T) {
	dir := references(t)[0]
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"comapre"}, "the nearest is compare:"},
		{[]string{"run", "--profile", "quik"}, "the nearest is quick:"},
		{[]string{"run", "--runner", "wasmtim"}, "the nearest is wasmtime:"},
		{[]string{"run", "--profil", "quick"}, "the nearest is --profile "},
		{[]string{"run", "--seed", "abc"}, `--seed is "abc", want a whole number`},
		{[]string{"compare", dir, dir, "--fail-if", "slower runner=wasmtim"}, "the nearest is wasmtime:"},
		{[]string{"compare", dir, dir, "--fail-if", "slower rung=colld"}, "the nearest is cold:"},
		{[]string{"compare", dir, "--cells", "runner=wazro", "--with", "runner=wasmtime"}, "the nearest is wazero:"},
		{[]string{"calibrate", "--part", "knwon"}, "the nearest is known:"},
		{[]string{"run", "--fail-if", "colld.p50 > 1ms"}, "the nearest is cold:"},
		{[]string{"run", "--fail-if", "throughput.request_rat.p50 < 10"}, "the nearest is request_rate:"},
	} {
		var out, said bytes.Buffer
		if code := run(c.args, &out, &said); code != exitUsage || !strings.Contains(said.String(), c.want) || strings.Contains(said.String(), "strconv") {
			t.Errorf("%q: exit code %d, %s; want %q", c.args, code, said.String(), c.want)
		}
	}
}

func TestVersion(t *testing.T) {
	var out, said bytes.Buffer
	if code := run([]string{"--version"}, &out, &said); code != exitOK || !strings.HasPrefix(out.String(), "benchrun version ") {
		t.Errorf("exit code %d, %s%s", code, out.String(), said.String())
	}
}

// What a shell is offered for the values of flags.
func TestCompletion(t *testing.T) {
	dir := references(t)[0]
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"run", "--runner", "waz"}, "wazero"},
		{[]string{"run", "--runner", "process,oci/"}, "process,oci/crun"},
		{[]string{"--rung", "c"}, "cold"},
		{[]string{"run", "--workload", "rewr"}, "rewrite"},
		{[]string{"run", "--build", "ru"}, "rust"},
		{[]string{"run", "--experiment", "den"}, "density"},
		{[]string{"run", "--profile", ""}, "quick"},
		{[]string{"run", "--slow", "was"}, "wasmtime=5%"},
		{[]string{"compare", dir, "--cells", "rung="}, "rung=cold"},
		{[]string{"compare", dir, dir, "--fail-if", "slo"}, "slower"},
		{[]string{"compare", dir, dir, "--fail-if", "slower runner="}, "slower runner=wazero"},
	} {
		var out, said bytes.Buffer
		run(append([]string{"__complete"}, c.args...), &out, &said)
		if !strings.Contains("\n"+out.String(), "\n"+c.want+"\n") {
			t.Errorf("%q is completed by %q; want %q among it", c.args, out.String(), c.want)
		}
	}
}

// A CI job reads the exit code, and from the JSON what was measured on both sides and
// which threshold tripped: https://github.com/shakacode/react_on_rails/issues/3543,
// https://github.com/TypedDevs/bashunit/pull/1072.
func TestComparisonForAJob(t *testing.T) {
	dir := references(t)[0]
	var out, said bytes.Buffer
	code := run([]string{"compare", dir, dir, "--json", "--fail-if", "slower>5%", "--fail-if", "undecided runner=wazero/compiler"}, &out, &said)
	var got comparedJSON
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	if code != exitTripped || !got.Tripped || len(got.Thresholds) != 2 || got.Thresholds[0].Tripped || !got.Thresholds[1].Tripped || len(got.Thresholds[1].Names) == 0 {
		t.Errorf("exit code %d, thresholds %+v", code, got.Thresholds)
	}
	for _, r := range got.Rows {
		if r.Old.Median != r.New.Median || len(r.New.Trials) == 0 || r.Unit == "" {
			t.Errorf("%s has the values %+v and %+v", r.Name, r.Old, r.New)
		}
	}
	if len(got.Rows) == 0 {
		t.Error("there are no rows")
	}
}

func TestStyleIsAsAsked(t *testing.T) {
	for style, want := range map[string]bool{"auto": false, "plain": false, "colour": true} { // a buffer is no terminal
		var out, said bytes.Buffer
		if code := run([]string{"report", references(t)[0], "--style", style}, &out, &said); code != exitOK {
			t.Fatalf("%s: exit code %d, %s", style, code, said.String())
		}
		if got := strings.Contains(out.String(), "\x1b["); got != want {
			t.Errorf("--style %s: escape codes: %v", style, got)
		}
	}
}
