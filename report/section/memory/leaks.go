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

// leaks say of each system how much PSS grows for each closed instance.
func leaks(v *view.View, x section.Variant) (notes []string) {
	for _, s := range v.Systems {
		e := v.Entry(x.Cell(memory.Name, s, x.Params), estimate.PerInstance(instances.PSS))
		if e.State != model.Measured {
			continue
		}
		if note := leak(e.Estimate); note != "" {
			notes = append(notes, s.Name+note)
		}
	}
	return notes
}

// leastLeak is the smallest growth for each closed instance that is called a leak, in
// bytes: the least that malloc(3) of glibc gives out. Heaps that settle grow by less.
const leastLeak = 16

// leak says what a growth for each closed instance means, "" where there is none.
func leak(e estimate.Estimate) string {
	switch {
	case e.Interval == nil && e.Value >= leastLeak:
		return fmt.Sprintf(": PSS grew by %s for each closed instance (indicative, n = %d)", bytes(e.Value), e.Trials)
	case e.Interval != nil && e.Interval.Low >= leastLeak:
		return fmt.Sprintf(" leaks memory: PSS grew by %s for each closed instance", format.Estimated(e))
	}
	return ""
}
