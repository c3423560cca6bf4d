package text_test

import (
	"strings"
	"testing"

	"edgebench/report/reporttest"
	"edgebench/report/text"
)

func TestMatrixIsGolden(t *testing.T) {
	golden(t, "matrix.txt", render(t, text.Full, reporttest.Matrix(), 80, false))
}

// Columns that a terminal has no room for follow in a part of their own.
func TestMatrixInParts(t *testing.T) {
	m := reporttest.Matrix()
	x := m.Sections[0].Elements[0].Matrix
	for range 4 {
		x.Columns = append(x.Columns, x.Columns...)
		for _, g := range x.Groups {
			for i := range g.Rows {
				g.Rows[i].Marks = append(g.Rows[i].Marks, g.Rows[i].Marks...)
			}
		}
	}
	got := render(t, text.Full, m, 80, false)
	if n := strings.Count(got, "  many .."); n != 3 {
		t.Errorf("the matrix of 48 columns has %d parts, want 3", n)
	}
	for _, line := range strings.Split(got, "\n") {
		if len([]rune(line)) > 80 {
			t.Errorf("a line has %d characters: %s", len([]rune(line)), line)
		}
	}
}
