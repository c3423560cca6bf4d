package report

import (
	"errors"
	"strings"
	"testing"

	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/report/clean"
	"edgebench/results"
)

func selector(t *testing.T, text string) Selector {
	t.Helper()
	s, err := ParseSelector(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCompareCells(t *testing.T) {
	f := runOf(1, "m3", 1.05)
	for _, c := range []struct {
		cells, with string
		want        compare.Verdict
	}{
		{"mode=m3", "mode=m4", compare.Slower},
		{"mode=m4", "mode=m3", compare.Faster},
		{"runner=wazero mode=m4", "runner=wazero mode=m5", compare.Same},
	} {
		m, err := CompareCells(f, selector(t, c.cells), selector(t, c.with))
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Rows) != 1 || m.Rows[0].Verdict != c.want || !strings.Contains(m.Rows[0].Name, "beside") {
			t.Errorf("%s beside %s: %+v", c.cells, c.with, m.Rows)
		}
	}
}

func TestCellsThatCannotBeCompared(t *testing.T) {
	f := runOf(1, "", 1)
	for _, c := range [][2]string{
		{"", ""},
		{"mode=m1", "runner=wazero"},
		{"mode=m1", "mode=m77"},
		{"runner=wazero", "runner=docker"},
		{"rung=cold", "rung=hot"},
	} {
		if _, err := CompareCells(f, selector(t, c[0]), selector(t, c[1])); !errors.Is(err, ErrCells) {
			t.Errorf("%q with %q: %v", c[0], c[1], err)
		}
	}
	for _, text := range []string{"mode", "mode=", "colour=red", "mode=a mode=b", strings.Repeat("x", clean.MaxText+1)} {
		if _, err := ParseSelector(text); err == nil {
			t.Errorf("%.20q is read", text)
		}
	}
}

// A parameter of any experiment is a key, and what was called language is build.
func TestSelectorKeys(t *testing.T) {
	key := stat.Key{Metric: "request_rate", Cell: results.Cell{
		System: results.System{Runner: "wazero", Mode: "compiler"}, Artefact: results.Artefact{Workload: "noop", Build: "c"},
		Experiment: "throughput", Params: results.NewParams(map[string]string{"instance": "fresh", "concurrency": "2"}),
	}}
	for text, want := range map[string]bool{
		"": true,
		"experiment=throughput runner=wazero mode=compiler workload=noop build=c metric=request_rate": true,
		"instance=fresh concurrency=2":        true,
		"instance=reused":                     false,
		"concurrency=1":                       false,
		"build=rust":                          false,
		"rung=cold":                           false,
		"page_cache=warm":                     false,
		"concurrency=2 metric=first_response": false,
	} {
		if got := selector(t, text).allows(key); got != want {
			t.Errorf("%q allows %s: %v", text, key, got)
		}
	}
	for _, text := range []string{"language=c", "slower language=c"} {
		_, err := ParseSelector(text)
		if _, threshold := ParseThreshold(text); strings.HasPrefix(text, "slower") {
			err = threshold
		}
		if err == nil || !strings.Contains(err.Error(), "build=c") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
