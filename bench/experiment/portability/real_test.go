package portability_test

import (
	"slices"
	"testing"

	"edgebench/bench/experiment"
	. "edgebench/bench/experiment/experimenttest"
	"edgebench/bench/experiment/portability"
	"edgebench/results"
	"edgebench/runners"
)

// What a runtime's documentation says of features is what its modules find, and every
// test of the specification passes.
func TestRealSystems(t *testing.T) {
	EachSystem(t, portability.Name, func(t *testing.T, m runners.Mode, x *experiment.Trial) {
		target := experiment.Target{Mode: m, Takes: []runners.Kind{runners.Wasm}}
		if len(m.Takes) > 0 {
			target.Takes = m.Takes
		}
		p := &portability.Parameters{Questions: []portability.Question{portability.AskFeatures, portability.AskSpecification}}
		cases := p.Expand(target)
		if len(cases) == 0 {
			t.Skip("its modes list no features")
		}
		for _, c := range cases {
			ask(t, x, c)
		}
	})
}

// ask does a trial of a case and reports what is unexpected.
func ask(t *testing.T, x *experiment.Trial, c experiment.Case) {
	t.Helper()
	effort(t, x, c)
	r, err := portability.New().Run(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Checks) == 0 {
		t.Errorf("%s: no checks", c.Params)
	}
	for _, check := range r.Checks {
		if check.Unexpected() {
			t.Errorf("%s %s: %s instead of %s: %s", check.Group, check.Name, check.Result, check.Expected, check.Evidence)
		}
	}
	if i := slices.IndexFunc(r.Metrics, func(m results.Metric) bool { return len(m.Values) != 1 }); i >= 0 {
		t.Errorf("%s: %+v", c.Params, r.Metrics[i])
	}
}
