package text_test

import (
	"strings"
	"testing"

	"edgebench/report"
	"edgebench/report/reporttest"
	"edgebench/report/text"
)

// Nor does it leave as a benchmark without a mark.
func TestSlowedInBenchfmt(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	plan.Slowed = map[string]float64{"wazero": 0.05}
	var out strings.Builder
	if err := text.Benchfmt(&out, report.Build(plan, env, records)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "\nslowed-on-purpose-wazero: 5%\n") {
		t.Error("the configuration does not name what was slowed")
	}
}

// What was slowed on purpose is said above the first figure, on a narrow
// terminal too.
func TestSlowedIsSaidFirst(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	plan.Slowed = map[string]float64{"wazero": 0.05}
	m := report.Build(plan, env, records)
	for name, f := range map[string]renderer{"table": text.Table, "full": text.Full} {
		for _, width := range []int{60, 120} {
			page := strings.Join(strings.Fields(render(t, f, m, width, false)), " ")
			warning := strings.Index(page, "WARNING: cold starts, rates and latencies were slowed on purpose, those of wazero by 5 %")
			if figure := strings.Index(page, "ms "); warning < 0 || warning > figure {
				t.Errorf("%s of %d: the warning is at %d, the first figure at %d", name, width, warning, figure)
			}
		}
	}
}
