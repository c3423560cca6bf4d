package text_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/size"
	"edgebench/bench/experiment/throughput"
	"edgebench/bench/stat/diagnose"
	"edgebench/bench/stat/estimate"
	"edgebench/report"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/report/text"
	"edgebench/results"

	"golang.org/x/perf/benchfmt"
)

func TestCSVReadsBack(t *testing.T) {
	m := good()
	var b bytes.Buffer
	if err := text.CSV(&b, m); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := 1 + len(m.Export.Summaries) + len(m.Export.Latencies); len(rows) != want {
		t.Errorf("%d rows, want %d", len(rows), want)
	}
	columns := map[string]int{}
	for i, name := range rows[0] {
		columns[name] = i
	}
	field := func(r []string, name string) string {
		i, known := columns[name]
		if !known {
			t.Fatalf("there is no column %q in %q", name, rows[0])
		}
		return r[i]
	}
	image, start, rate := false, false, false
	for _, r := range rows[1:] {
		of := func(want ...string) bool {
			return slices.Equal(want, []string{field(r, "experiment"), field(r, "runner"), field(r, "build"), field(r, "metric")})
		}
		param := func(want ...string) bool {
			return slices.Equal(want, []string{field(r, "rung"), field(r, "page_cache"), field(r, "concurrency"), field(r, "instance")})
		}
		switch {
		case of("size", "docker", "go+debian", size.Compressed):
			image = param("", "", "", "") && field(r, "unit") == "B" && field(r, "median") == "6.2e+07" && field(r, "low") == "6.2e+07" &&
				field(r, "minimum") == "6.2e+07" && field(r, "interval") == "exact" && field(r, "n") == "1"
		case of("coldstart", "process", "c+simd", coldstart.FirstResponse) && field(r, "rung") == "hot":
			start = param("hot", "warm", "", "") && field(r, "mode") == "plain" && field(r, "n") == "10" && field(r, "grade") != ""
		case of("throughput", "process", "c+simd", throughput.RequestRate):
			rate = param("", "", "1", "reused") && field(r, "workload") == "rewrite"
		}
	}
	letters := map[string]int{}
	for _, r := range rows[1:] {
		if name := field(r, "metric"); name != estimate.FirstStart && name != estimate.LaterStarts { // parts of a whole that is counted
			letters[r[len(r)-3]]++
		}
	}
	for i, letter := range model.Letters() {
		if letters[letter] != m.Quality.Graded[i] {
			t.Errorf("%d rows have the grade %s, want %d", letters[letter], letter, m.Quality.Graded[i])
		}
	}
	if !image || !start || !rate {
		t.Errorf("the rows of an image's size, a start and a rate are right: %v, %v, %v", image, start, rate)
	}
}

func TestCSVIsInert(t *testing.T) {
	var b bytes.Buffer
	if err := text.CSV(&b, hostile()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		for _, field := range r {
			if strings.HasPrefix(field, "=") {
				t.Errorf("a spreadsheet would compute %q", field)
			}
		}
	}
}

// readBack reads what Benchfmt wrote with the reader that benchstat uses.
func readBack(t *testing.T, m *model.Model) ([]*benchfmt.Result, benchfmt.UnitMetadataMap) {
	t.Helper()
	var b bytes.Buffer
	if err := text.Benchfmt(&b, m); err != nil {
		t.Fatal(err)
	}
	reader := benchfmt.NewReader(&b, "test")
	var list []*benchfmt.Result
	for reader.Scan() {
		switch r := reader.Result().(type) {
		case *benchfmt.Result:
			list = append(list, r.Clone())
		case *benchfmt.SyntaxError:
			t.Fatal(r)
		}
	}
	if err := reader.Err(); err != nil {
		t.Fatal(err)
	}
	return list, reader.Units()
}

func TestBenchfmtRoundTrip(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	list, units := readBack(t, report.Build(plan, env, records))
	ok := 0
	for _, r := range diagnose.Retained(plan, diagnose.Judge(env, records)) {
		if r.Outcome == results.OK {
			ok++
		}
	}
	if len(list) != ok {
		t.Fatalf("%d lines for %d trials", len(list), ok)
	}
	build := func(r *benchfmt.Result) bool { return strings.Contains(string(r.Name), "/build=c+simd/rung=hot") }
	if !slices.ContainsFunc(list, build) {
		t.Error("no line is of the build c+simd")
	}
	if u := units.Get("layers", "assume"); u == nil || u.Value != "exact" {
		t.Error("the number of layers is not said to be exact")
	}
	const name = "ColdStart/runner=wazero/mode=compiler/workload=noop/build=c/rung=cold"
	n := 0
	for _, r := range list {
		if r.GetConfig("goos") != "linux" || r.GetConfig("cpu") != env.Host.CPU {
			t.Fatalf("the configuration is %v", r.Config)
		}
		if string(r.Name) != name {
			continue
		}
		n++
		if v, found := value(r, "first_response-sec"); !found || v < 1e-4 || v > 1e-3 || r.Iters != 10 {
			t.Errorf("the line has %d iterations and %v", r.Iters, r.Values)
		}
	}
	if n != reporttest.Blocks {
		t.Errorf("%d lines of %s, want %d", n, name, reporttest.Blocks)
	}
	for unit, want := range map[string]int{
		"first_response-sec": -1, "req/sec": 1, "instances": 1, "pss-B/instance": -1, "artefact_size-B": -1, "p99_latency-sec": -1,
		"compressed_size-B": -1, "layers": -1,
	} {
		if got := units.GetBetter(unit); got != want {
			t.Errorf("of %s better is %d, want %d", unit, got, want)
		}
	}
}

func value(r *benchfmt.Result, unit string) (float64, bool) {
	for _, v := range r.Values {
		if v.Unit == unit {
			return v.Value, true
		}
	}
	return 0, false
}

func TestBenchfmtOfHostileRecords(t *testing.T) {
	list, _ := readBack(t, hostile())
	for _, r := range list {
		if strings.ContainsAny(string(r.Name), " \n\x1b<") {
			t.Errorf("a name is %q", r.Name)
		}
	}
}
