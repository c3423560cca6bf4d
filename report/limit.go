package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/coldstart"
	experiments "edgebench/bench/experiment/registry"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/clean"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/results"
)

// Limit is a bound on figures of one run.
type Limit struct {
	text string
	// rung of a cold start, "" for other experiments.
	rung       results.Rung
	experiment results.Experiment
	metric     string
	// statistic is "min", "max" or the name of a percentile; p50 is the median of the
	// trials' medians.
	statistic string
	// above says that figures above the bound exceed the limit.
	above bool
	bound float64
	cells Selector
}

const limitHelp = `want FIGURE > VALUE or FIGURE < VALUE, optionally with key=value pairs of a cell, e.g. "cold.p50 > 1ms runner=wazero" or "memory.available_drop_per_instance.max > 1MiB"`

// ParseLimit reads a limit, whose form is
//
//	FIGURE (>|<) VALUE [KEY=VALUE …]
//	FIGURE = NAME[.METRIC].STATISTIC
//
// NAME is a rung, for the time to the first response, or an experiment, for its
// headline or the METRIC. STATISTIC is p50, another percentile such as p99, min or
// max. VALUE is a duration (250us, 1ms), a size (300, 64KiB, 1MiB), or a number. KEY is
// one of a selector's (see ParseSelector).
func ParseLimit(text string) (Limit, error) {
	l := Limit{text: clean.Text(text)}
	if len(text) > clean.MaxText {
		return l, fmt.Errorf("the limit is too long: %s", limitHelp)
	}
	fields := strings.Fields(strings.NewReplacer("<", " < ", ">", " > ").Replace(text))
	if len(fields) < 3 || fields[1] != "<" && fields[1] != ">" {
		return l, fmt.Errorf("the limit %q is invalid: %s", l.text, limitHelp)
	}
	l.above = fields[1] == ">"
	if err := l.parseFigure(fields[0]); err != nil {
		return l, fmt.Errorf("the limit %q: %w", l.text, err)
	}
	var ok bool
	if l.bound, ok = parseQuantity(fields[2]); !ok {
		return l, fmt.Errorf("the limit %q has the value %q: %s", l.text, clean.Text(fields[2]), limitHelp)
	}
	var err error
	if l.cells, err = ParseSelector(strings.Join(fields[3:], " ")); err != nil {
		return l, fmt.Errorf("the limit %q: %w", l.text, err)
	}
	return l, nil
}

func (l *Limit) parseFigure(text string) error {
	parts := strings.SplitN(text, ".", 2)
	if len(parts) < 2 {
		return fmt.Errorf("%q names no statistic: %s", clean.Text(text), limitHelp)
	}
	name, rest := parts[0], parts[1]
	for _, statistic := range append(quantileNames(), "min", "max") {
		if metric, ok := strings.CutSuffix("."+rest, "."+statistic); ok {
			l.metric, l.statistic = strings.TrimPrefix(metric, "."), statistic
		}
	}
	if l.statistic == "" {
		return fmt.Errorf("%q ends with no statistic; there are min, max and %s", clean.Text(text), strings.Join(quantileNames(), ", "))
	}
	if slices.Contains(results.Rungs(), results.Rung(name)) {
		l.rung, name = results.Rung(name), string(coldstart.Name)
	}
	d, known := experiments.Describe(results.Experiment(name))
	if !known {
		return results.Unknown("rung or experiment", clean.Text(name), figureNames())
	}
	l.experiment = d.Name
	if l.metric == "" {
		l.metric = d.Headline
	}
	return l.checkMetric(d)
}

// checkMetric rejects a metric that is neither recorded by the experiment nor derived
// from what is: the name of a derived one begins with that of a recorded one.
func (l *Limit) checkMetric(d experiment.Description) error {
	var known []string
	for _, m := range d.Metrics {
		known = append(known, m.Name)
		if estimate.Recorded(l.metric) == m.Name || strings.HasPrefix(l.metric, m.Name+"_") {
			return nil
		}
	}
	if strings.HasPrefix(l.metric, stat.PhasePrefix) {
		return nil
	}
	return results.Unknown("metric", clean.Text(l.metric), known)
}

// figureNames are what a figure's name may begin with.
func figureNames() (names []string) {
	for _, r := range results.Rungs() {
		names = append(names, string(r))
	}
	for _, e := range experiments.Names() {
		names = append(names, string(e))
	}
	return names
}

func quantileNames() (names []string) {
	for _, q := range estimate.Quantiles() {
		names = append(names, estimate.Percentile{Q: q}.Name())
	}
	return names
}

// parseQuantity reads a duration in seconds, a size in bytes, or a number.
func parseQuantity(text string) (float64, bool) {
	for suffix, factor := range map[string]float64{"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30} {
		if number, ok := strings.CutSuffix(text, suffix); ok {
			v, err := strconv.ParseFloat(number, 64)
			return v * factor, err == nil && v >= 0
		}
	}
	if v, err := strconv.ParseFloat(text, 64); err == nil {
		return v, v >= 0
	}
	d, err := time.ParseDuration(text)
	return d.Seconds(), err == nil && d >= 0
}

// Check rejects a limit that no cell of a plan has a figure for. What it chooses may
// still turn out to be unavailable.
func (l Limit) Check(p results.Plan) error {
	var keys []stat.Key
	for _, s := range p.Specs {
		if s.Experiment == l.experiment && (l.rung == "" || s.Rung() == l.rung) {
			keys = append(keys, stat.Key{Cell: s.Cell, Metric: l.metric})
		}
	}
	if len(keys) == 0 {
		return fmt.Errorf("the limit %q: nothing is planned that it is about; measure it too, or leave the limit out", l.text)
	}
	if err := l.cells.matches(keys); err != nil {
		return fmt.Errorf("the limit %q: %w", l.text, err)
	}
	return nil
}

// Exceeded lists the figures of a run that are beyond the limit: those whose whole
// interval is, or the figure itself where it has no interval. It is an error if no
// figure of the run is meant.
func (l Limit) Exceeded(m *model.Model) ([]string, error) {
	var names []string
	found := false
	for _, s := range m.Export.Summaries {
		if !l.means(s.Key) {
			continue
		}
		value, interval, ok := l.figure(s)
		if !ok {
			continue
		}
		found = true
		low, high := value, value
		if interval != nil {
			low, high = interval.Low, interval.High
		}
		if l.above && low > l.bound || !l.above && high < l.bound {
			names = append(names, fmt.Sprintf("%s: %s", format.Sample(s.Key), format.Quantity(value, s.Median.Unit)))
		}
	}
	if !found {
		return nil, fmt.Errorf("the run has no figure for %q", l.text)
	}
	return names, nil
}

// means says whether a sample is of the limit's figure. Of what is recorded by steps
// the samples are slopes.
func (l Limit) means(k stat.Key) bool {
	metric := k.Metric == l.metric || k.Metric == estimate.PerInstance(l.metric)
	return k.Experiment == l.experiment && metric && l.cells.allows(k) &&
		(l.rung == "" || k.Params.Get(results.RungParam) == string(l.rung))
}

func (l Limit) figure(s estimate.Summary) (value float64, interval *estimate.Interval, ok bool) {
	switch l.statistic {
	case "p50":
		return s.Median.Value, s.Median.Interval, true
	case "min":
		return s.Minimum, nil, true
	case "max":
		return s.Maximum, nil, true
	}
	for _, p := range s.Percentiles {
		if p.Name() == l.statistic {
			return p.Value, p.Interval, true
		}
	}
	return 0, nil, false
}

// String is the limit as it was given.
func (l Limit) String() string { return l.text }
