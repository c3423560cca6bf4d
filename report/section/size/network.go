package size

import (
	"edgebench/bench/stat/estimate"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/results"
)

// bandwidth is a network between a registry and a node, in bits a second.
type bandwidth struct {
	label string
	bits  float64
}

func bandwidths() []bandwidth {
	return []bandwidth{{"10 Mbit/s", 10e6}, {"100 Mbit/s", 100e6}, {"1 Gbit/s", 1e9}}
}

// network says how long the compressed bytes of each artefact take over a network.
// It is computed from the sizes, in the second column of their grid, and not measured.
func network(x section.Variant, sizes *model.Grid) *model.Grid {
	const title = "Computed network time"
	g := &model.Grid{
		ID: x.ID("network"), Title: x.Title(title), Of: x.Subject(title), Artefacts: true,
		Notes: []string{"computed: compressed size ÷ bandwidth, without latency, handshakes, unpacking and layers that a node already has; the rung deploy has no network in it"},
	}
	for _, b := range bandwidths() {
		g.Columns = append(g.Columns, model.Column{
			Label: b.label, Unit: results.Seconds, Explanation: "computed time in which the compressed artefact passes a network of " + b.label,
		})
	}
	for _, r := range sizes.Rows {
		row := model.Row{System: r.System}
		for _, b := range bandwidths() {
			row.Entries = append(row.Entries, sent(r.Entries[1], b))
		}
		if r.Entries[1].State == model.Measured {
			g.Rows = append(g.Rows, row)
		}
	}
	return g
}

// sent computes an entry from that of a compressed size.
func sent(size model.Entry, b bandwidth) model.Entry {
	if size.State != model.Measured {
		return model.Entry{State: size.State, Why: size.Why}
	}
	value := size.Estimate.Value * 8 / b.bits
	return model.Entry{State: model.Measured, Estimate: estimate.Estimate{
		Value: value, Unit: results.Seconds, Trials: size.Estimate.Trials, Values: size.Estimate.Values,
		Interval: &estimate.Interval{Low: value, High: value, Method: estimate.Exact},
	}}
}
