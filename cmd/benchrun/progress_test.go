package main

import (
	"testing"
	"testing/synctest"
	"time"

	"edgebench/bench"
	"edgebench/results"
)

// The line tells planned trials from those that the rest of the budget goes to, and
// counts its times down.
func TestProgressLine(t *testing.T) {
	trial := results.Trial{Spec: &results.Spec{Cell: results.Cell{
		System:     results.System{Runner: "wazero", Mode: "compiler"},
		Artefact:   results.Artefact{Workload: "rewrite", Build: "c"},
		Experiment: "coldstart", Params: "rung=cold",
	}}}
	const what = "coldstart wazero/compiler, rewrite in c, rung=cold"
	for _, c := range []struct {
		at   bench.Progress
		want string
	}{
		{bench.Progress{Planned: 10}, "0/10 trials, 1s elapsed: " + what},
		{bench.Progress{Done: 4, Planned: 10, Remaining: 9 * time.Second}, "4/10 trials, 1s elapsed, about 8s left: " + what},
		{bench.Progress{Done: 4, Planned: 10, Remaining: 9 * time.Second, Budget: time.Minute},
			"4/10 trials, 1s elapsed, about 8s left, then more until 59s from now: " + what},
		{bench.Progress{Done: 10, Planned: 10, Adaptive: 3, Remaining: 30 * time.Second, Budget: 30 * time.Second},
			"10 planned trials and 3 more, 1s elapsed, more for 29s at most: " + what},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &progress{began: time.Now()}
			p.Trial(trial, c.at)
			time.Sleep(time.Second)
			if got := p.line(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
