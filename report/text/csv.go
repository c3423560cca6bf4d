package text

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"edgebench/bench/stat"
	"edgebench/report"
)

// CSV writes one row for each summarised sample and for each histogram. A
// field is empty where there is no such figure. Values are in base units
// (seconds, bytes, requests a second) and in full precision.
func CSV(w io.Writer, m *report.Model) error {
	out := csv.NewWriter(w)
	header := []string{"experiment", "runner", "mode", "workload", "language", "rung", "conditions", "metric", "unit",
		"trials", "values", "independent", "median", "low", "high", "interval", "check_low", "check_high", "least", "greatest"}
	for _, q := range stat.Quantiles() {
		header = append(header, stat.Percentile{Q: q}.Name())
	}
	if err := out.Write(append(header, "grade", "grade_because", "warnings")); err != nil {
		return err
	}
	for _, s := range m.Summaries {
		if err := out.Write(summaryRow(s, m.Quality.Grades[s.Key])); err != nil {
			return err
		}
	}
	for _, l := range m.Latencies {
		if err := out.Write(latencyRow(l)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func keyFields(k stat.Key, unit string) []string {
	return []string{
		inert(string(k.Experiment)), inert(k.Cell.Runner), inert(k.Cell.Mode), inert(k.Cell.Workload), inert(k.Cell.Language),
		inert(string(k.Cell.Rung)), inert(k.Conditions.String()), inert(k.Metric), inert(unit),
	}
}

// inert keeps a spreadsheet from taking a text from outside for a formula.
func inert(s string) string {
	if strings.HasPrefix(s, "=") || strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") || strings.HasPrefix(s, "@") {
		return "'" + s
	}
	return s
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func ends(i *stat.Interval) (low, high, method string) {
	if i == nil {
		return "", "", ""
	}
	return decimal(i.Low), decimal(i.High), string(i.Method)
}

func summaryRow(s stat.Summary, g report.Grade) []string {
	e := s.Median
	low, high, method := ends(e.Interval)
	checkLow, checkHigh, _ := ends(e.Check)
	row := append(keyFields(s.Key, e.Unit), strconv.Itoa(e.Trials), strconv.Itoa(e.Values), strconv.Itoa(s.Independent),
		decimal(e.Value), low, high, method, checkLow, checkHigh, decimal(s.Least), decimal(s.Greatest))
	row = append(row, quantileFields(s.Percentiles)...)
	row = append(row, g.Letter, inert(strings.Join(g.Reasons, "; ")))
	return append(row, inert(strings.Join(append(append([]string(nil), e.Warnings...), s.Warnings...), "; ")))
}

func latencyRow(l stat.Latency) []string {
	var list []stat.Percentile
	median := ""
	for _, p := range l.Percentiles {
		if p.Q == 0.5 {
			median = decimal(p.Value)
		}
		list = append(list, p.Percentile)
	}
	row := append(keyFields(l.Key, l.Unit), strconv.Itoa(l.Trials), strconv.FormatInt(l.Count, 10), "",
		median, "", "", "", "", "", "", "")
	row = append(row, quantileFields(list)...)
	row = append(row, "", "") // it has no grade
	return append(row, inert(strings.Join(l.Warnings, "; ")))
}

// quantileFields has a field for each of stat.Quantiles.
func quantileFields(list []stat.Percentile) []string {
	var row []string
	for _, q := range stat.Quantiles() {
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
