package report_test

import (
	"fmt"
	"strings"
	"testing"

	"edgebench/report"
	"edgebench/report/reporttest"
	"edgebench/results"
)

func TestLimits(t *testing.T) {
	for text, want := range map[string]string{
		"cold.p50 > 100ms": "docker/runc-none",
		"cold.p50>1ms runner=wazero workload=rewrite":     "",
		"cold.p50 > 300us runner=wazero workload=rewrite": "wazero/compiler",
		"cold.max > 10s":                                   "",
		"hot.p50 < 1h runner=process":                      "process/plain",
		"memory.p50 > 2MiB":                                "docker/runc-none",
		"memory.pss_per_instance.max > 1GiB":               "",
		"throughput.p50 < 50000 runner=docker":             "docker/runc-none",
		"coldstart.first_start.p50 > 4ms workload=rewrite": "oci/embedded",
	} {
		l, err := report.ParseLimit(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		names, err := l.Exceeded(good())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got := strings.Join(names, "; ")
		if want == "" && got != "" || want != "" && !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestLimitsThatMeanNothing(t *testing.T) {
	for _, text := range []string{
		"", "cold", "cold.p50", "cold.p50 > ", "cold.p50 = 1ms", "cold > 1ms", "cold.p42 > 1ms", "colld.p50 > 1ms",
		"cold.p50 > 1parsec", "cold.p50 > -1ms", "cold.p50 > 1ms runer=wazero", strings.Repeat("x", 10_000),
	} {
		if _, err := report.ParseLimit(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	l, err := report.ParseLimit("cold.p50 > 1ms runner=nobody")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Exceeded(good()); err == nil || !strings.Contains(err.Error(), "no figure") {
		t.Errorf("a limit that no figure has is met: %v", err)
	}
}

// A limit is checked against a plan before there is any figure.
func TestLimitsOfPlans(t *testing.T) {
	plan, _, _ := reporttest.Run(1)
	for text, want := range map[string]string{
		"cold.p50 > 1ms runner=wazero": "", "memory.available_drop_per_instance.max > 1MiB": "", "coldstart.first_start.p50 > 1ms": "",
		"cold.p50 > 1ms runner=wazro": "the nearest is wazero", "hot.p50 > 1ms rung=cold": "unknown rung",
	} {
		l, err := report.ParseLimit(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if err := l.Check(plan); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestLimitsOfNothingPlanned(t *testing.T) {
	l, err := report.ParseLimit("cold.p50 > 1ms")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Check(results.Plan{}); err == nil || !strings.Contains(err.Error(), "nothing is planned") {
		t.Errorf("a limit on nothing: %v", err)
	}
}

// Every figure that a run has can be limited.
func TestLimitsOfAllFigures(t *testing.T) {
	for _, s := range good().Export.Summaries {
		text := fmt.Sprintf("%s.%s.p50 > 1", s.Experiment, s.Metric)
		if _, err := report.ParseLimit(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzParseLimit(f *testing.F) {
	f.Add("cold.p50 > 1ms runner=wazero")
	f.Add("memory.pss.max < 1MiB")
	f.Fuzz(func(t *testing.T, text string) {
		if l, err := report.ParseLimit(text); err == nil {
			if _, err := report.ParseLimit(l.String()); err != nil {
				t.Errorf("%q is no limit when it is printed: %v", text, err)
			}
		}
	})
}
