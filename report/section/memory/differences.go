package memory

import (
	"fmt"
	"math"

	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/memory"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// apart is the part of the fall of MemAvailable by which PSS may differ from it
// without a note.
const apart = 0.1

// differences explain for each system why MemAvailable and PSS differ, where it had
// enough instances for MemAvailable to say something of them.
func differences(v *view.View, x section.Variant) (notes []string) {
	for _, s := range v.Systems {
		c := x.Cell(memory.Name, s, x.Params)
		slope := func(metric string) (float64, bool) {
			e := v.Entry(c, estimate.PerInstance(metric))
			return e.Estimate.Value, e.State == model.Measured
		}
		drop, ok := slope(instances.AvailableDrop)
		pss, ok2 := slope(instances.PSS)
		if !ok || !ok2 || reached(v, c) < estimate.ManyInstances || math.Abs(drop-pss) <= apart*math.Abs(drop) {
			continue
		}
		text := fmt.Sprintf("%s: MemAvailable fell by %s for each instance and PSS grew by %s", s.Name, bytes(drop), bytes(pss))
		if kernel, ok := slope(instances.KernelMemory); ok {
			text += fmt.Sprintf("; %s of the kernel's own memory are not in PSS", bytes(kernel))
		}
		notes = append(notes, text)
	}
	return notes
}

// reached is the greatest number of live instances of a cell, 0 for none.
func reached(v *view.View, c results.Cell) float64 {
	return most(v.Grouped().Get(stat.Key{Cell: c, Metric: instances.Live}))
}

func bytes(n float64) string { return format.Quantity(n, results.Bytes) }
