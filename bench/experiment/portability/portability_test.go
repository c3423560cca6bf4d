package portability_test

import (
	"encoding/json"
	"testing"

	"edgebench/bench/experiment"
)

// effort gives a trial the parameters of a case.
func effort(t *testing.T, x *experiment.Trial, c experiment.Case) {
	t.Helper()
	b, err := json.Marshal(c.Effort)
	if err != nil {
		t.Fatal(err)
	}
	x.Effort = b
	x.Cell.Params = c.Params
}
