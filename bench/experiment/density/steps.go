package density

import (
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/instances"
	"edgebench/results"
	"edgebench/runners/agent"
)

// step is what was found at one number of live instances.
type step struct {
	live    int
	elapsed time.Duration // in which instances were added
	drop    float64       // of MemAvailable since there were no instances, in bytes
	stall   time.Duration // negative where the kernel does not tell
	probes  probes
}

// stalled is for how long tasks waited for memory between two moments; negative
// where the kernel does not tell.
func stalled(from, to experiment.NodeMemory) time.Duration {
	if from.Stalled < 0 || to.Stalled < from.Stalled {
		return -1
	}
	return to.Stalled - from.Stalled
}

// probes are the findings of all processes' probes in a step.
type probes struct {
	requests, right uint64
	latency         *hdrhistogram.Histogram // in nanoseconds, nil for none
	failed          string
}

func (p *probes) add(found agent.Probed) error {
	p.requests += found.Requests
	p.right += found.Right
	if p.failed == "" {
		p.failed = found.Failed
	}
	if found.Latency == "" {
		return nil
	}
	h, err := hdrhistogram.Decode([]byte(found.Latency))
	if err != nil {
		return fmt.Errorf("read the probe's latencies: %w", err)
	}
	if p.latency == nil {
		p.latency = h
	} else {
		p.latency.Merge(h)
	}
	return nil
}

// quantile gives a percentile of the latencies, 0 if there are none.
func (p *probes) quantile(percent float64) time.Duration {
	if p.latency == nil {
		return 0
	}
	return time.Duration(p.latency.ValueAtQuantile(percent))
}

// reached is the number of instances of the last step in which all probes were
// answered rightly.
func reached(all []step) (live int) {
	for _, s := range all {
		if s.probes.right == s.probes.requests {
			live = s.live
		}
	}
	return live
}

// metrics are those with a value for each step.
func metrics(all []step) []results.Metric {
	var live, drop, times, rates, p50, p99, requests, right, stall []float64
	told := true
	for i, s := range all {
		live = append(live, float64(s.live))
		drop = append(drop, s.drop)
		times = append(times, s.elapsed.Seconds())
		stall = append(stall, s.stall.Seconds())
		told = told && s.stall >= 0
		rate := 0.0
		if i > 0 && s.elapsed > 0 {
			rate = float64(s.live-all[i-1].live) / s.elapsed.Seconds()
		}
		rates = append(rates, rate)
		if i > 0 {
			p50, p99 = append(p50, s.probes.quantile(50).Seconds()), append(p99, s.probes.quantile(99).Seconds())
			requests, right = append(requests, float64(s.probes.requests)), append(right, float64(s.probes.right))
		}
	}
	list := []results.Metric{
		instances.LiveMetric.Of(live...), instances.AvailableDropMetric.Of(drop...), instances.StepTimeMetric.Of(times...),
		startRate.Of(rates...), probeMedian.Of(p50...), probeP99.Of(p99...), probeRequests.Of(requests...), probeRight.Of(right...),
	}
	if told {
		list = append(list, memoryStall.Of(stall...))
	}
	return list
}
