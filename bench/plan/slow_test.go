package plan

import (
	"errors"
	"math"
	"testing"

	"edgebench/results"
)

func TestSlow(t *testing.T) {
	const sizes = `
[[matrix]]
experiment = "size"
blocks = 1
`
	timed, counted := planOf(t, everything, Filter{}), planOf(t, sizes, Filter{})
	wazero := planOf(t, everything, Filter{Runners: []string{"wazero"}})
	shares := map[string]float64{"process": 0.05}
	if err := Slow(&timed, shares); err != nil || timed.Slowed["process"] != 0.05 || timed.Validate() != nil {
		t.Errorf("%v, %v", timed.Slowed, err)
	}
	shares["process"] = 1
	if timed.Slowed["process"] != 0.05 {
		t.Error("the plan changes with what it was made of")
	}
	for name, p := range map[string]results.Plan{"without a clock": counted, "without the runner": wazero} {
		if err := Slow(&p, shares); !errors.Is(err, ErrNotTimed) || p.Slowed != nil {
			t.Errorf("a plan %s: %v", name, err)
		}
	}
	for _, share := range []float64{0, -1, results.MaxSlowed + 1, math.NaN()} {
		if err := Slow(&timed, map[string]float64{"wazero": share}); err == nil || timed.Slowed["wazero"] != 0 {
			t.Errorf("by %v: %v", share, err)
		}
	}
	if err := Slow(&wazero, nil); err != nil || wazero.Slowed != nil {
		t.Errorf("none to slow: %v, %v", wazero.Slowed, err)
	}
}
