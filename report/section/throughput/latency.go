package throughput

import (
	"fmt"

	"edgebench/bench/experiment/throughput"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// latencyQuantiles are those that have a column.
func latencyQuantiles() []float64 { return []float64{0.5, 0.99, 0.999} }

// latency has a column for each load and percentile.
func latency(v *view.View, x section.Variant, loads []load) *model.Grid {
	g := &model.Grid{
		ID: x.ID("latency"), Title: x.Title("Latency"), Of: x.Subject("Latency"),
		Notes: []string{"closed loop: a worker sends its next request after it has received a response, so slow responses delay later requests; brackets give the range over trials"},
	}
	for _, l := range loads {
		for _, q := range latencyQuantiles() {
			g.Columns = append(g.Columns, model.Column{
				Label: l.label() + " " + estimate.Percentile{Q: q}.Name(), Unit: results.Seconds,
				Explanation: "latency of a request, " + l.meaning(),
			})
		}
	}
	for _, s := range v.Systems {
		row := model.Row{System: s}
		measured := false
		for _, l := range loads {
			c := x.Cell(throughput.Name, s, l.params())
			for _, q := range latencyQuantiles() {
				e := latencyEntry(v, c, q)
				measured = measured || e.State == model.Measured
				row.Entries = append(row.Entries, e)
			}
		}
		if measured && len(g.Rows) < view.MaxRows {
			g.Rows = append(g.Rows, row)
		}
	}
	return g
}

func latencyEntry(v *view.View, c results.Cell, q float64) model.Entry {
	l, ok := v.Latency(stat.Key{Cell: c, Metric: throughput.Latency})
	if !ok {
		return v.Entry(c, throughput.Latency)
	}
	for _, p := range l.Percentiles {
		if p.Q == q {
			return model.Entry{State: model.Measured, Why: v.Besides(c), Estimate: estimate.Estimate{
				Value: p.Value, Unit: l.Unit, Trials: l.Trials, Values: int(l.Count),
				Interval: &estimate.Interval{Low: p.Minimum, High: p.Maximum, Method: estimate.TrialRange},
			}}
		}
	}
	return model.Entry{State: model.Absent, Why: fmt.Sprintf("%d requests are too few for it", l.Count)}
}
