package text

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"edgebench/bench/stat"
	"edgebench/results"

	"golang.org/x/perf/benchfmt"
)

// Benchfmt writes the records in the Go benchmark format
// (https://go.dev/design/14313-benchmark-format), with one line for each OK
// trial: benchstat takes lines for independent samples, which trials are and
// iterations aren't; those that spare ones have taken the place of are left
// out, as in the report. A line holds the median of the trial's values for each of
// its metrics, and as its number of iterations how many values that is. Names
// are key=value pairs, so that benchstat can project them:
//
//	BenchmarkColdStart/runner=wazero/mode=compiler/workload=noop/language=c/rung=cold 10 0.00042 first_response-sec
//
// Conditions other than a warm page cache follow the rung. A memory trial gives
// its slopes (e.g. pss-B/instance), a density trial what it reached.
func Benchfmt(w io.Writer, plan results.Plan, env results.Environment, records []results.Record) error {
	lines := trialLines(plan, stat.Counted(plan, records))
	units := map[string]bool{}
	var order []string
	for _, l := range lines {
		for _, v := range l.values {
			if !units[v.Unit] {
				units[v.Unit] = true
				order = append(order, v.Unit)
			}
		}
	}
	slices.Sort(order)
	out := benchfmt.NewWriter(w)
	for _, unit := range order {
		if err := writeUnit(out, unit); err != nil {
			return fmt.Errorf("write unit %s: %w", unit, err)
		}
	}
	config := configuration(plan, env)
	for _, l := range lines {
		r := benchfmt.Result{Config: config, Name: benchfmt.Name(l.name), Iters: l.iterations, Values: l.values}
		if err := out.Write(&r); err != nil {
			return fmt.Errorf("write trial %d: %w", l.seq, err)
		}
	}
	return nil
}

// writeUnit says which direction is better, and what needs no statistics.
func writeUnit(out *benchfmt.Writer, unit string) error {
	better := "lower"
	if unit == results.RequestsPerSecond || unit == results.Instances {
		better = "higher"
	}
	metadata := map[string]string{"better": better}
	if slices.ContainsFunc(results.Sizes(), func(metric string) bool { return unit == benchUnit(metric, sizeUnit(metric)) }) {
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

// sizeUnit is that of a metric of the experiment on sizes.
func sizeUnit(metric string) string {
	if metric == results.Layers {
		return results.Count
	}
	return results.Bytes
}

// configuration of the file: what the Go tool prints, and what identifies the
// run.
func configuration(plan results.Plan, env results.Environment) []benchfmt.Config {
	h := env.Host
	var list []benchfmt.Config
	add := func(key, value string) {
		if value = printable(value); value != "" {
			list = append(list, benchfmt.Config{Key: key, Value: []byte(value), File: true})
		}
	}
	add("goos", h.OS)
	add("goarch", h.Arch)
	add("pkg", "edgebench")
	add("cpu", h.CPU)
	add("kernel", h.Kernel)
	if h.Cores > 0 {
		add("cores", strconv.Itoa(h.Cores))
	}
	add("go", h.GoVersion)
	add("run", cmp.Or(plan.Run, env.Run))
	add("profile", plan.Profile)
	add("seed", strconv.FormatUint(plan.Seed, 10))
	add("commit", env.Commit)
	for _, runner := range slices.Sorted(maps.Keys(plan.Slowed)) {
		add("slowed-on-purpose-"+runner, fmt.Sprintf("%.4g%%", plan.Slowed[runner]*100))
	}
	return list
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
}

// trialLines makes a line of each OK trial, in the order of the plan.
func trialLines(plan results.Plan, records []results.Record) []trialLine {
	samples, _ := stat.Group(records) // what it refuses is in the report's warnings
	lines := map[string]*trialLine{}
	add := func(k stat.Key, unit string, t stat.Values, median float64) {
		name := benchName(k)
		id := strconv.Itoa(t.Seq) + " " + name
		l := lines[id]
		if l == nil {
			l = &trialLine{seq: t.Seq, name: name}
			lines[id] = l
		}
		l.iterations = max(l.iterations, len(t.Values))
		l.values = append(l.values, benchfmt.Value{Value: median, Unit: benchUnit(k.Metric, unit)})
	}
	for _, s := range wanted(plan, records, samples) {
		for _, t := range s.Trials {
			single := stat.Sample{Trials: []stat.Values{t}}
			add(s.Key, s.Unit, t, single.Medians()[0])
		}
	}
	for _, r := range records {
		addLatencies(r, add)
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

// wanted are the samples that are written: those recorded, but of memory and
// density, whose values are by step, what is derived from them.
func wanted(plan results.Plan, records []results.Record, samples *stat.Samples) []*stat.Sample {
	var list []*stat.Sample
	for _, s := range samples.All() {
		switch {
		case s.Experiment == results.Density:
		case s.Experiment != results.Memory:
			list = append(list, s)
		case slices.Contains(stat.MemoryMetrics(), s.Metric):
			key := s.Key
			key.Metric = results.Instances
			if instances := samples.Get(key); instances != nil {
				if slope, fixed, _ := stat.Slopes(instances, s); slope != nil {
					list = append(list, slope, fixed)
				}
			}
		}
	}
	for _, d := range stat.Densities(plan, records, samples) {
		list = append(list, d.Sample())
	}
	return list
}

// addLatencies adds percentiles of a trial's histograms.
func addLatencies(r results.Record, add func(stat.Key, string, stat.Values, float64)) {
	if r.Outcome != results.OK {
		return
	}
	for _, h := range r.Histograms {
		list, err := stat.HistogramPercentiles(h)
		if err != nil {
			continue // the report's warnings have it
		}
		for _, p := range list {
			k := stat.Key{Experiment: r.Experiment, Cell: r.Cell, Conditions: stat.NewConditions(r.Conditions),
				Metric: p.Name() + "_" + h.Name}
			add(k, h.Unit, stat.Values{Seq: r.Seq, Values: []float64{p.Value}}, p.Value)
		}
	}
}

// benchName gives the name without "Benchmark".
func benchName(k stat.Key) string {
	name := map[results.Experiment]string{
		results.ColdStart: "ColdStart", results.Memory: "Memory", results.Density: "Density",
		results.Throughput: "Throughput", results.Size: "Size",
	}[k.Experiment]
	if name == "" {
		name = "Other"
	}
	for _, kv := range [][2]string{
		{"runner", k.Cell.Runner}, {"mode", k.Cell.Mode}, {"workload", k.Cell.Workload},
		{"language", k.Cell.Language}, {"rung", string(k.Cell.Rung)},
	} {
		name += "/" + kv[0] + "=" + part(kv[1])
	}
	conditions := k.Conditions.Map()
	for _, key := range slices.Sorted(maps.Keys(conditions)) {
		if key != results.PageCache || conditions[key] != "warm" {
			name += "/" + part(key) + "=" + part(conditions[key])
		}
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

// benchUnit makes a unit that names the metric and ends in what benchstat
// scales, e.g. "first_response-sec", "pss-B/instance".
func benchUnit(metric, unit string) string {
	name := strings.TrimPrefix(metric, stat.PhasePrefix)
	base := map[string]string{results.Seconds: "sec", results.Bytes: "B"}[unit]
	if base == "" {
		if metric == results.RequestRate {
			return results.RequestsPerSecond
		}
		return part(name)
	}
	for _, m := range stat.MemoryMetrics() {
		if name == stat.PerInstance(m) {
			return part(m) + "-" + base + "/instance"
		}
	}
	return part(name) + "-" + base
}
