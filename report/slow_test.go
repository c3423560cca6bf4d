package report_test

import (
	"math"
	"strings"
	"testing"

	"edgebench/report"
	"edgebench/report/reporttest"
	"edgebench/results"
)

func TestSlowedIsSaid(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	if m := report.Build(plan, env, records); m.Slowed != "" {
		t.Errorf("of a run as it is: %q", m.Slowed)
	}
	plan.Slowed = map[string]float64{"wazero": 0.05, "docker": 0.125}
	const want = "cold starts, rates and latencies were slowed on purpose, those of docker by 12.5 %, those of wazero by 5 %; the start of the process on the boot rung was not slowed"
	if m := report.Build(plan, env, records); m.Slowed != want {
		t.Errorf("%q, want %q", m.Slowed, want)
	}
	plan.Slowed = map[string]float64{"<b>\x1b[0m\n" + strings.Repeat("x", 1000): math.NaN()}
	m := report.Build(plan, results.Environment{}, nil)
	checkTexts(t, m)
	if strings.ContainsAny(m.Slowed, "\x1b\n") || len(m.Slowed) > 600 {
		t.Errorf("a hostile name gives %q", m.Slowed)
	}
}
