package figure_test

import (
	"strings"
	"testing"

	"edgebench/report/figure"
	"edgebench/report/reporttest"
)

func TestMatrixAlt(t *testing.T) {
	f := find(t, reporttest.Matrix(), "attempts")
	want := "wazero/compiler default: 1 denied, 1 allowed, 1 absent; wazero/compiler hardened: 2 denied; oci/embedded: 1 limited, 1 allowed, 1 known."
	if !strings.Contains(f.Alt, want) {
		t.Errorf("the description is %q, want it to hold %q", f.Alt, want)
	}
}

func TestMatrixWithoutAnswersHasNoFigure(t *testing.T) {
	m := reporttest.Matrix()
	m.Sections[0].Elements[0].Matrix.Groups = nil
	if list := figure.All(m); len(list) != 0 {
		t.Errorf("there are %d figures", len(list))
	}
}
