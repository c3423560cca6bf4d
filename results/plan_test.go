package results

import (
	"math"
	"testing"
)

// A plan slows what has a name by a share within the bounds, and the schema,
// where JSON can say it at all, takes what Validate does.
func TestPlanSlowed(t *testing.T) {
	for name, c := range map[string]struct {
		runner string
		share  float64
		ok     bool
	}{
		"5 %":         {"wazero", 0.05, true},
		"the most":    {"wazero", MaxSlowed, true},
		"too much":    {"wazero", MaxSlowed + 0.01, false},
		"nothing":     {"wazero", 0, false},
		"faster":      {"wazero", -0.05, false},
		"no number":   {"wazero", math.NaN(), false},
		"endless":     {"wazero", math.Inf(1), false},
		"no name":     {"", 0.05, false},
		"not a name":  {"a\nb", 0.05, false},
		"with a path": {"a/b", 0.05, false},
	} {
		p := testPlan(1)
		p.Slowed = map[string]float64{c.runner: c.share}
		err := p.Validate()
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			oneLine(t, err, "slowed: ")
		}
		if text, err := encode(p.complete(), ""); err == nil && (conforms(t, PlanFile, text) == nil) != c.ok {
			t.Errorf("%s: the schema says %v", name, conforms(t, PlanFile, text))
		}
	}
}
