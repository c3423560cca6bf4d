package report_test

import (
	"strings"
	"testing"

	"edgebench/report"
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
