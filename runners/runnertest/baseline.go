package runnertest

import (
	"os"
	"testing"
	"time"

	"edgebench/results"
	"edgebench/runners"
)

// baselineLoops runs the loop of each rung that has one. A mode has at least one, or
// its runner has none at all.
func baselineLoops(t *testing.T, s *suite) {
	d, ok := s.runner.(runners.BaselineLoop)
	if !ok {
		t.Skipf("%s has no baseline loop", s.entry.Name)
	}
	p := prepare(t, s.boot(t, 0), s.probe(t))
	ran := 0
	for _, rung := range s.mode.Rungs {
		const iterations = 2
		o := options(t, s.mode.Name)
		l := runners.Loop{
			Options: o, Prepared: p, Rung: rung,
			Request: []byte("Ehello"), Iterations: iterations, Within: time.Minute,
		}
		if rung == results.Boot {
			ran += bootLoop(t, d, l)
			continue
		}
		out, err := d.Baseline(t.Context(), l)
		if isUnavailable(err) {
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", rung, err)
			continue
		}
		ran++
		if string(out.Response) != "hello" || len(out.Times) != iterations {
			t.Errorf("%s: the response is %q, the times are %v", rung, out.Response, out.Times)
		}
		if left, err := os.ReadDir(o.Scratch); err != nil || len(left) > 0 {
			t.Errorf("%s: the loop left %v (%v)", rung, left, err)
		}
		for _, took := range out.Times {
			if took <= 0 {
				t.Errorf("%s: the times are %v", rung, out.Times)
			}
		}
	}
	if ran == 0 {
		t.Skipf("%s/%s has no baseline loop", s.entry.Name, s.mode.Name)
	}
}

// bootLoop runs the loop of the rung boot, which tells its response, and gives the
// number of loops that it ran.
func bootLoop(t *testing.T, d runners.BaselineLoop, l runners.Loop) int {
	told := ""
	l.Iterations = 1
	l.Answered = func(response []byte) { told = string(response) }
	_, err := d.Baseline(t.Context(), l)
	switch {
	case isUnavailable(err):
		return 0
	case err != nil || told != "hello":
		t.Errorf("boot: told was %q, %v", told, err)
	}
	return 1
}
