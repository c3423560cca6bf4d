package main

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"edgebench/bench/stat"
)

// reference is the run whose noise is resampled: the newest published one, as seen
// from this package.
func reference(t *testing.T) string {
	t.Helper()
	dir, err := newest(filepath.Join("../../..", published))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// The short form prints all tables, and where the assumptions hold intervals
// cover what they promise. With 100 to 200 runs of each row a single one says
// little; their mean says much.
func TestShortForm(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates for half a minute")
	}
	var out, errs bytes.Buffer
	if code := run([]string{"-records", reference(t)}, &out, &errs); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	tables := parse(t, out.String())
	if len(tables) != 13 {
		t.Fatalf("%d tables, want 13:\n%s", len(tables), out.String())
	}
	for name, c := range map[string]struct {
		table     []map[string]string
		column    string
		low, high float64
	}{
		"medians":              {tables[0], "interpolated", 93, 97},
		"their cross-check":    {tables[0], "exact", 95, 99},
		"ratios to their like": {tables[2], "to its like", 94, 98.5},
		"ratios to calm ones":  {tables[2], "to a calm cell", 93, 98},
		"after stopping":       {tables[3], "coverage", 88, 97},
		"false alarms":         {tables[4], "matrices with any", 0, 6},
	} {
		if got := mean(t, c.table, c.column); got < c.low || got > c.high {
			t.Errorf("%s: %.1f %%, want %v to %v", name, got, c.low, c.high)
		}
	}
	if got := mean(t, tables[6][:2], "10 trials, matrix"); got < 95 {
		t.Errorf("a slowdown of 5 %% at 1 %% noise or less is found in %.1f %%", got)
	}
}

func TestNewestIsTheLastFolder(t *testing.T) {
	dir := t.TempDir()
	if _, err := newest(dir); err == nil {
		t.Error("an empty folder has a run")
	}
	for _, name := range []string{"2026-11-23-a", "2026-12-01-b"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "2027-calibration.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := newest(dir); err != nil || got != filepath.Join(dir, "2026-12-01-b") {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestRunRefuses(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run([]string{"--records", t.TempDir()}, &out, &errs); code != 1 || !strings.Contains(errs.String(), "read the run whose noise is resampled") {
		t.Errorf("without records: exit code %d, %s", code, errs.String())
	}
	if code := run(nil, &out, &errs); code != 1 || !strings.Contains(errs.String(), "look for the newest published run") {
		t.Errorf("outside of the module's folder: exit code %d, %s", code, errs.String())
	}
	if code := run([]string{"--slow"}, &out, &errs); code != 2 {
		t.Errorf("with a wrong flag: exit code %d", code)
	}
	if code := run([]string{"--only", "luck"}, &out, &errs); code != 2 || !strings.Contains(errs.String(), `no table is named "luck"`) {
		t.Errorf("with a table that is none: exit code %d, %s", code, errs.String())
	}
}

// What is resampled keeps the spread of what was measured.
func TestResampledNoiseKeepsItsSpread(t *testing.T) {
	cells, err := readCells(reference(t))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	for _, c := range some(cells, 5) {
		m := c.noise()
		const n = 20000
		sum, squares := 0.0, 0.0
		for range n {
			v := stat.Median(m.trial(random, 0, 0))
			sum += v
			squares += v * v
		}
		got := math.Sqrt(squares/n - sum/n*sum/n)
		// A sample's standard deviation divides by n − 1, a population's by n.
		want := c.spread * math.Sqrt(1-1/float64(c.trials))
		if got < 0.9*want || got > 1.1*c.spread {
			t.Errorf("spread %v became %v", c.spread, got)
		}
	}
}

// parse reads tables of Markdown as lists of rows by column.
func parse(t *testing.T, text string) [][]map[string]string {
	t.Helper()
	var tables [][]map[string]string
	var head []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "|") {
			head = nil
			continue
		}
		var row []string
		for _, c := range strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|") {
			row = append(row, strings.TrimSpace(c))
		}
		switch {
		case head == nil:
			head = row
			tables = append(tables, nil)
		case strings.HasPrefix(row[0], "--"):
		default:
			named := map[string]string{}
			for i, c := range row {
				named[head[i]] = c
			}
			tables[len(tables)-1] = append(tables[len(tables)-1], named)
		}
	}
	return tables
}

// mean of a column, without the rows whose noise breaks the assumptions.
func mean(t *testing.T, table []map[string]string, column string) float64 {
	t.Helper()
	rows := slices.DeleteFunc(slices.Clone(table), func(row map[string]string) bool { return strings.Contains(row["noise"], "†") })
	sum := 0.0
	for _, row := range rows {
		v, err := strconv.ParseFloat(row[column], 64)
		if err != nil {
			t.Fatalf("column %q of %v: %v", column, row, err)
		}
		sum += v
	}
	return sum / float64(len(rows))
}
