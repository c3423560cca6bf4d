package bench_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/montanaflynn/stats"
	"golang.org/x/perf/benchfmt"

	"edgebench/bench"
	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/plan"
	"edgebench/results"
	"edgebench/runners"
)

// BenchmarkCell does one trial for each iteration, of every cell of the default
// profile, by the path of a run and under names that benchstat can project:
//
//	go test -bench . -benchtime 1x ./bench | tee new.txt
//	benchstat -col /runner -row /workload,/rung -filter /experiment:coldstart new.txt
//
// A pattern other than "." also reaches the cells of the full profile:
//
//	go test -bench Cell/experiment=coldstart/runner=wazero/mode=compiler/workload=sqlite ./bench
//
// ns/op is the median first response of a cold start; other experiments have
// metrics of their own. For interleaved trials and intervals there is benchrun.
func BenchmarkCell(b *testing.B) {
	suite, err := bench.Open()
	if err != nil {
		b.Fatal(err)
	}
	single, err := suite.OpenSingle(b.Context(), &watcher{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(single.Close)
	for _, s := range single.Systems() {
		if s.Unavailable != "" {
			b.Run("runner="+s.Runner+"/mode="+strings.ReplaceAll(s.Mode, "*", "all"), func(b *testing.B) { b.Skip(s.Unavailable) })
		}
	}
	for _, spec := range specs(b, single) {
		b.Run(spec.Cell.String(), func(b *testing.B) { trials(b, single, spec) })
	}
}

// specs gives those of the default profile first, and those of the full one where a
// pattern asks for some.
func specs(b *testing.B, single *bench.Single) []results.Spec {
	profiles := []string{"default"}
	if pattern := flag.Lookup("test.bench").Value.String(); pattern != "." {
		profiles = append(profiles, "full", "deep")
	}
	seen := map[results.Cell]bool{}
	var all []results.Spec
	for _, name := range profiles {
		c, err := plan.Profile(name)
		if err != nil {
			b.Fatal(err)
		}
		list, err := single.Specs(b.Context(), c, plan.Filter{})
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range list {
			if !seen[s.Cell] {
				seen[s.Cell] = true
				all = append(all, s)
			}
		}
	}
	return all
}

// trials does b.N of a cell and reports the median of each metric's values.
func trials(b *testing.B, single *bench.Single, spec results.Spec) {
	values, units := map[string][]float64{}, map[string]string{}
	for range b.N {
		r, err := single.Do(b.Context(), spec)
		if errors.Is(err, runners.ErrUnavailable) {
			b.Skip(err)
		}
		if err != nil {
			b.Fatal(err)
		}
		switch r.Outcome {
		case results.Unavailable:
			b.Skip(r.Error)
		case results.Failed:
			b.Fatal(r.Error)
		}
		for _, m := range r.Metrics {
			values[m.Name], units[m.Name] = append(values[m.Name], m.Values...), m.Unit
		}
	}
	for name, all := range values {
		median, err := stats.Median(all)
		if err != nil {
			b.Fatal(err)
		}
		if name == coldstart.FirstResponse {
			b.ReportMetric(median*1e9, "ns/op")
			continue
		}
		b.ReportMetric(median, name+"-"+units[name])
	}
}

// What the benchmarks print is read by the tools for Go benchmarks, with the keys
// that benchstat projects.
func TestBenchmarkLinesAreRead(t *testing.T) {
	if testing.Short() {
		t.Skip("measures")
	}
	const systems = "/runner=(process|wazero)/mode=(plain|compiler)/workload=rewrite/build=c$"
	pattern := "Cell/experiment=size" + systems + "|Cell/experiment=coldstart" + systems + "/page_cache=warm/rung=cold"
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$", "-test.benchtime=1x", "-test.bench="+pattern)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, out.String(), said.String())
	}
	seen := map[string]bool{}
	reader := benchfmt.NewReader(bytes.NewReader(out.Bytes()), "bench")
	for reader.Scan() {
		r, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		_, parts := r.Name.Parts()
		for _, p := range parts {
			seen[strings.TrimPrefix(string(p), "/")] = true
		}
		for _, v := range r.Values {
			seen[v.Unit] = true
		}
	}
	if err := reader.Err(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"experiment=size", "experiment=coldstart", "runner=process", "runner=wazero", "mode=plain", "workload=rewrite",
		"build=c", "page_cache=warm", "artefact_size-B", "compressed_size-B", "sec/op", "empty_measurement-sec",
	} {
		if !seen[want] {
			t.Errorf("%s is not among %v", want, seen)
		}
	}
}
