package main

import (
	"edgebench/bench/stat"
	"edgebench/report"
	"edgebench/results"
)

// comparedJSON is a comparison in JSON.
type comparedJSON struct {
	Old         string               `json:"old"`
	New         string               `json:"new"`
	Differences []results.Difference `json:"differences"`
	Probe       float64              `json:"contention_probe_ratio,omitempty"`
	// Tripped says that a threshold has: the exit code is 3.
	Tripped    bool             `json:"tripped"`
	Thresholds []thresholdJSON  `json:"thresholds"`
	Runners    []comparedRunner `json:"runners"`
	Rows       []comparedRow    `json:"rows"`
	Gone       []string         `json:"gone"`
	Added      []string         `json:"added"`
}

// thresholdJSON is what a threshold has found.
type thresholdJSON struct {
	Threshold string `json:"threshold"`
	Tripped   bool   `json:"tripped"`
	// Names are those of the rows and runners that meet it.
	Names []string `json:"names"`
}

// comparedRow is a row in JSON.
type comparedRow struct {
	Name   string       `json:"name"`
	Cell   results.Cell `json:"cell"`
	Metric string       `json:"metric"`
	Unit   string       `json:"unit"`
	// Old and New are what was measured, in the unit.
	Old      comparedValues `json:"old"`
	New      comparedValues `json:"new"`
	Ratio    float64        `json:"ratio"`
	Low      float64        `json:"low,omitempty"`
	High     float64        `json:"high,omitempty"`
	P        float64        `json:"p"`
	Superior float64        `json:"superiority"`
	Trials   int            `json:"trials"`
	Verdict  string         `json:"verdict"`
	Reason   string         `json:"reason"`
}

// comparedValues are those of one side of a row: the median of each retained trial, in
// ascending order, and the median of these.
type comparedValues struct {
	Median float64   `json:"median"`
	Trials []float64 `json:"trials"`
}

// comparedRunner is a runner as a whole in JSON.
type comparedRunner struct {
	Name    string  `json:"name"`
	Cells   int     `json:"cells"`
	Ratio   float64 `json:"ratio,omitempty"`
	Low     float64 `json:"low,omitempty"`
	High    float64 `json:"high,omitempty"`
	P       float64 `json:"p"`
	Verdict string  `json:"verdict"`
	Reason  string  `json:"reason"`
}

func runnersJSON(m *report.Comparison) []comparedRunner {
	runners := []comparedRunner{}
	for _, j := range m.Runners {
		r := comparedRunner{Name: j.Name, Cells: j.Cells, Ratio: j.Ratio.Value, P: j.P, Verdict: string(j.Verdict), Reason: j.Reason.String()}
		if i := j.Ratio.Interval; i != nil {
			r.Low, r.High = i.Low, i.High
		}
		runners = append(runners, r)
	}
	return runners
}

func rowsJSON(m *report.Comparison) []comparedRow {
	rows := []comparedRow{}
	for _, r := range m.Rows {
		row := comparedRow{
			Name: r.Name, Cell: r.New.Cell, Metric: r.New.Metric, Unit: r.New.Unit, Ratio: r.Ratio.Value, P: r.P,
			Old: valuesJSON(r.Old), New: valuesJSON(r.New),
			Superior: r.Superiority, Trials: r.Ratio.Trials, Verdict: string(r.Verdict), Reason: r.Reason.String(),
		}
		if i := r.Ratio.Interval; i != nil {
			row.Low, row.High = i.Low, i.High
		}
		rows = append(rows, row)
	}
	return rows
}

func valuesJSON(s *stat.Sample) comparedValues {
	return comparedValues{Median: s.Median(), Trials: s.Medians()}
}

func comparisonJSON(m *report.Comparison, thresholds []report.Threshold) comparedJSON {
	j := comparedJSON{
		Old: m.Old, New: m.New, Differences: m.Differences, Probe: m.ContentionProbe, Thresholds: []thresholdJSON{},
		Runners: runnersJSON(m), Rows: rowsJSON(m), Gone: m.Gone, Added: m.Added,
	}
	for _, t := range thresholds {
		names := append([]string{}, t.Trips(m)...)
		j.Tripped = j.Tripped || len(names) > 0
		j.Thresholds = append(j.Thresholds, thresholdJSON{Threshold: t.String(), Tripped: len(names) > 0, Names: names})
	}
	return j
}
