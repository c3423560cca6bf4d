package main

import (
	"bytes"
	"encoding/json"
	"runtime"
	"strings"
	"testing"

	"edgebench/bench/calibrate"
	"edgebench/results"
)

// TestCalibrate runs all parts over a real runner and looks at what is there,
// not at figures: a machine that others use decides those.
func TestCalibrate(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute; run without -short")
	}
	if runtime.GOOS != "linux" {
		t.Skip("memory is read and native guests are built on Linux alone")
	}
	var out, said bytes.Buffer
	code := run([]string{"calibrate", "--quick", "--json", "--runner", "process", "--seed", "1"}, &out, &said)
	var r calibrate.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("exit code %d, %v\n%s\n%s", code, err, out.String(), said.String())
	}
	want := exitOK
	if r.Count(calibrate.Fail)+r.Count(calibrate.Undecided) > 0 {
		want = exitFailed
	}
	if code != want || !r.Quick || r.Seed != 1 {
		t.Errorf("exit code %d with %d failures, quick %v, seed %d", code, r.Count(calibrate.Fail), r.Quick, r.Seed)
	}
	// Two rungs, spin, two of memory, throughput; start and call; second and
	// third of two rungs.
	if len(r.Known) != 6 || len(r.Baseline) != 2 || len(r.Caches) != 4 || len(r.Empty) != 3 || r.AA == nil {
		t.Fatalf("%+v", r)
	}
	for _, rows := range [][]calibrate.Row{r.Known, r.Baseline, r.Caches} {
		for _, row := range rows {
			checkRow(t, row)
		}
	}
	if r.AA.Pairs != 12 || r.AA.Trials < 6 {
		t.Errorf("equals: %+v", r.AA)
	}
	if err := printCalibration(&out, r); err != nil {
		t.Error(err)
	}
}

// checkRow: whatever the answer, it is one, and one that is not pass has a
// reason.
func checkRow(t *testing.T, row calibrate.Row) {
	t.Helper()
	asked := row.Blocks > 0 && row.Found > 0 && row.Trials >= row.Blocks && row.Put > 0
	left := strings.Contains(row.Reason, "time")
	if row.Runner != "process" || row.Mode != "plain" || row.Rung == "" || !asked && !left {
		t.Errorf("%+v", row)
	}
	if (row.Verdict == calibrate.Pass) != (row.Reason == "") || row.Verdict == calibrate.Unavailable {
		t.Errorf("%s %s: %s: %q", row.Rung, row.What, row.Verdict, row.Reason)
	}
}

func TestPrecisely(t *testing.T) {
	for _, c := range []struct {
		v    float64
		unit string
		want string
	}{
		{0.32, results.Seconds, "320 ms"}, {1.5, results.Seconds, "1.5 s"}, {0.0001, results.Seconds, "100 µs"},
		{1e-10, results.Seconds, "0.1 ns"}, {4 << 20, results.Bytes, "4 MiB"}, {-2048, results.Bytes, "-2 KiB"},
		{49.987, results.RequestsPerSecond, "49.987/s"}, {2.00012, "ratio", "2.0001"},
	} {
		if got := precisely(c.v, c.unit); got != c.want {
			t.Errorf("precisely(%v, %s) = %q, want %q", c.v, c.unit, got, c.want)
		}
	}
}
