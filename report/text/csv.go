package text

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/results"
)

// CSV writes one row for each cell and metric: each summarised sample, and each
// histogram. Parameters have a column each where the run has them. A field is empty
// if there is no such figure. Values are in base units (seconds, bytes, requests a
// second) and in full precision; n is the number of trials.
func CSV(w io.Writer, m *model.Model) error {
	out := csv.NewWriter(w)
	params := paramsOf(&m.Export)
	header := []string{"experiment", "runner", "mode", "workload", "build"}
	for _, name := range params {
		header = append(header, inert(name))
	}
	header = append(header, "metric", "unit", "n", "values", "independent", "median", "low", "high", "interval",
		"check_low", "check_high", "minimum", "maximum")
	for _, q := range estimate.Quantiles() {
		header = append(header, estimate.Percentile{Q: q}.Name())
	}
	if err := out.Write(append(header, "grade", "grade_reason", "warnings")); err != nil {
		return err
	}
	for _, s := range m.Export.Summaries {
		row := append(keyFields(s.Key, params, s.Median.Unit), summaryFields(s, m.Quality.Grades[s.Key])...)
		if err := out.Write(row); err != nil {
			return err
		}
	}
	for _, l := range m.Export.Latencies {
		if err := out.Write(append(keyFields(l.Key, params, l.Unit), latencyFields(l)...)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// paramsOf names the parameters of all rows.
func paramsOf(x *model.Export) []string {
	seen := map[results.Params]bool{}
	var all []results.Params
	add := func(p results.Params) {
		if !seen[p] {
			seen[p] = true
			all = append(all, p)
		}
	}
	for _, s := range x.Summaries {
		add(s.Params)
	}
	for _, l := range x.Latencies {
		add(l.Params)
	}
	return format.ParamNames(all...)
}

func keyFields(k stat.Key, params []string, unit string) []string {
	row := []string{inert(string(k.Experiment)), inert(k.Runner), inert(k.Mode), inert(k.Workload), inert(k.Build)}
	values := k.Params.Map()
	for _, name := range params {
		row = append(row, inert(values[name]))
	}
	return append(row, inert(k.Metric), inert(unit))
}

// inert keeps a spreadsheet from taking a text from outside for a formula.
func inert(s string) string {
	if strings.HasPrefix(s, "=") || strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") || strings.HasPrefix(s, "@") {
		return "'" + s
	}
	return s
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func ends(i *estimate.Interval) (low, high, method string) {
	if i == nil {
		return "", "", ""
	}
	return decimal(i.Low), decimal(i.High), string(i.Method)
}

func summaryFields(s estimate.Summary, g model.Grade) []string {
	e := s.Median
	low, high, method := ends(e.Interval)
	checkLow, checkHigh, _ := ends(e.Check)
	row := []string{strconv.Itoa(e.Trials), strconv.Itoa(e.Values), strconv.Itoa(s.Independent),
		decimal(e.Value), low, high, method, checkLow, checkHigh, decimal(s.Minimum), decimal(s.Maximum)}
	row = append(row, quantileFields(s.Percentiles)...)
	row = append(row, g.Letter, inert(strings.Join(g.Reasons, "; ")))
	return append(row, inert(append(slices.Clone(e.Warnings), s.Warnings...).String()))
}

func latencyFields(l estimate.Latency) []string {
	var list []estimate.Percentile
	median := ""
	for _, p := range l.Percentiles {
		if p.Q == 0.5 {
			median = decimal(p.Value)
		}
		list = append(list, p.Percentile)
	}
	row := []string{strconv.Itoa(l.Trials), strconv.FormatInt(l.Count, 10), "", median, "", "", "", "", "", "", ""}
	row = append(row, quantileFields(list)...)
	row = append(row, "", "") // it has no grade
	return append(row, inert(l.Warnings.String()))
}

// quantileFields has a field for each of estimate.Quantiles.
func quantileFields(list []estimate.Percentile) []string {
	var row []string
	for _, q := range estimate.Quantiles() {
		field := ""
		for _, p := range list {
			if p.Q == q {
				field = decimal(p.Value)
			}
		}
		row = append(row, field)
	}
	return row
}
