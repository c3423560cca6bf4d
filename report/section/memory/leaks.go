package memory

import (
	"fmt"

	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/memory"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
)

// leaks name the systems that keep memory of instances which are closed: those whose
// PSS grows by something for each, by the whole of its interval.
func leaks(v *view.View, x section.Variant) (notes []string) {
	for _, s := range v.Systems {
		e := v.Entry(x.Cell(memory.Name, s, x.Params), estimate.PerInstance(instances.PSS))
		if e.State != model.Measured {
			continue
		}
		switch i := e.Estimate.Interval; {
		case i == nil:
			notes = append(notes, fmt.Sprintf("%s: PSS grew by %s for each closed instance (indicative, n = %d)", s.Name, bytes(e.Estimate.Value), e.Estimate.Trials))
		case i.Low > 0:
			notes = append(notes, fmt.Sprintf("%s leaks memory: PSS grew by %s for each closed instance", s.Name, format.Estimated(e.Estimate)))
		}
	}
	return notes
}
