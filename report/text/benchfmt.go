package text

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/results"

	"golang.org/x/perf/benchfmt"
)

// Benchfmt writes the retained trials in the Go benchmark format
// (https://go.dev/design/14313-benchmark-format), with one line for each that is
// OK: benchstat treats lines as independent samples. Trials are independent;
// iterations are not. A line holds the median of the trial's values for each
// metric, and the number of values as its number of iterations. Names are key=value
// pairs, so that benchstat can project them:
//
//	BenchmarkColdStart/runner=wazero/mode=compiler/workload=noop/build=c/rung=cold 10 0.00042 first_response-sec
//
// Parameters follow the build; a warm page cache is omitted. Derived values replace
// the recorded ones: slopes (e.g. pss-B/instance), or the number of instances that
// a trial reached. First and later starts stand beside all starts.
func Benchfmt(w io.Writer, m *model.Model) error {
	lines := trialLines(&m.Export)
	units := map[string]experiment.Metric{}
	for _, l := range lines {
		for i, v := range l.values {
			units[v.Unit] = l.metrics[i]
		}
	}
	out := benchfmt.NewWriter(w)
	for _, unit := range slices.Sorted(maps.Keys(units)) {
		if err := writeUnit(out, unit, units[unit]); err != nil {
			return fmt.Errorf("write unit %s: %w", unit, err)
		}
	}
	var config []benchfmt.Config
	for _, f := range m.Export.Config {
		if value := printable(f.Value); value != "" {
			config = append(config, benchfmt.Config{Key: f.Name, Value: []byte(value), File: true})
		}
	}
	for _, l := range lines {
		r := benchfmt.Result{Config: config, Name: benchfmt.Name(l.name), Iters: l.iterations, Values: l.values}
		if err := out.Write(&r); err != nil {
			return fmt.Errorf("write trial %d: %w", l.seq, err)
		}
	}
	return nil
}

// writeUnit says which direction is better, where one is, and what needs no
// statistics.
func writeUnit(out *benchfmt.Writer, unit string, of experiment.Metric) error {
	metadata := map[string]string{"better": string(of.Better)}
	if of.Counted {
		metadata["assume"] = "exact"
	}
	for _, key := range []string{"better", "assume"} {
		if metadata[key] == "" {
			continue
		}
		m := &benchfmt.UnitMetadata{
			UnitMetadataKey: benchfmt.UnitMetadataKey{Unit: unit, Key: key}, OrigUnit: unit, Value: metadata[key],
		}
		if err := out.Write(m); err != nil {
			return err
		}
	}
	return nil
}

// printable puts a text on one line.
func printable(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s))
}

// trialLine is what is written of one trial.
type trialLine struct {
	seq        int
	name       string
	iterations int
	values     []benchfmt.Value
	// metrics are those that the values are of.
	metrics []experiment.Metric
}

// trialLines makes a line of each trial, in the order of the plan.
func trialLines(x *model.Export) []trialLine {
	type id struct {
		seq  int
		name string
	}
	lines := map[id]*trialLine{}
	for _, s := range x.Samples {
		name, unit, metric := benchName(s.Key, x.Benchmarks), benchUnit(s.Metric, s.Unit), metricOf(s.Metric)
		for _, t := range s.Trials {
			at := id{t.Seq, name}
			l := lines[at]
			if l == nil {
				l = &trialLine{seq: t.Seq, name: name}
				lines[at] = l
			}
			single := stat.Sample{Trials: []stat.Values{t}}
			l.iterations = max(l.iterations, len(t.Values))
			l.values = append(l.values, benchfmt.Value{Value: single.Median(), Unit: unit})
			l.metrics = append(l.metrics, metric)
		}
	}
	list := make([]trialLine, 0, len(lines))
	for _, l := range lines {
		list = append(list, *l)
	}
	slices.SortFunc(list, func(a, b trialLine) int {
		return cmp.Or(cmp.Compare(a.seq, b.seq), cmp.Compare(a.name, b.name))
	})
	return list
}

// benchName gives the name without "Benchmark".
func benchName(k stat.Key, benchmarks map[results.Experiment]string) string {
	name := cmp.Or(benchmarks[k.Experiment], "Other")
	pairs := [][2]string{{"runner", k.Runner}, {"mode", k.Mode}, {"workload", k.Workload}, {"build", k.Build}}
	for _, kv := range append(pairs, format.Params(k.Params)...) {
		name += "/" + part(kv[0]) + "=" + part(kv[1])
	}
	return name
}

// part makes a name fit between two slashes.
func part(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("._:+@-", r):
			return r
		}
		return '_'
	}, s)
}

// metricOf finds the metric that a sample's values are of, or are made from. It is
// empty for an unknown one. Phases are times, and less of them is better.
func metricOf(name string) experiment.Metric {
	if strings.HasPrefix(name, stat.PhasePrefix) {
		return experiment.Metric{Name: name, Unit: results.Seconds, Better: experiment.Lower}
	}
	m, _ := registry.Metric(estimate.Recorded(name))
	return m
}

// benchUnit makes a unit that names the metric and ends in what benchstat
// scales, e.g. "first_response-sec", "pss-B/instance". A rate of requests is its
// own name.
func benchUnit(metric, unit string) string {
	name := strings.TrimPrefix(metric, stat.PhasePrefix)
	switch unit {
	case results.Seconds, results.Bytes:
	case results.RequestsPerSecond:
		return unit
	default:
		return part(name)
	}
	if base, ok := strings.CutSuffix(name, estimate.PerInstance("")); ok {
		return part(base) + "-" + unit + "/instance"
	}
	return part(name) + "-" + unit
}
