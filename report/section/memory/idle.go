package memory

import (
	"slices"
	"time"

	"edgebench/bench/experiment/memory"
	"edgebench/bench/stat"
	"edgebench/results"
)

// idlePerInstance names the processor time of one idle instance in a minute.
const idlePerInstance = memory.IdleCPU + "_per_instance_minute"

// idle divides each trial's processor time by its instances and minutes, nil where no
// trial has instances that were idle.
func idle(live *stat.Sample, samples *stat.Samples) *stat.Sample {
	cpu := samples.Get(stat.Key{Cell: live.Cell, Metric: memory.IdleCPU})
	during := samples.Get(stat.Key{Cell: live.Cell, Metric: memory.IdleTime})
	if cpu == nil || during == nil {
		return nil
	}
	s := &stat.Sample{Key: stat.Key{Cell: live.Cell, Metric: idlePerInstance}, Unit: results.Seconds}
	for _, t := range cpu.Trials {
		n, seconds := live.Of(t.Seq), during.Of(t.Seq)
		if len(n) == 0 || len(seconds) == 0 || slices.Max(n) == 0 || seconds[0] <= 0 {
			continue
		}
		each := t.Values[0] / slices.Max(n) / seconds[0] * time.Minute.Seconds()
		s.Trials = append(s.Trials, stat.Values{Seq: t.Seq, Values: []float64{each}})
	}
	if len(s.Trials) == 0 {
		return nil
	}
	return s
}
