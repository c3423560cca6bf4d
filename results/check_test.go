package results

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestEvidenceIsBoundedAndOnOneLine(t *testing.T) {
	got := Evidence("open /etc:\n\tpermission\x00 denied\xff")
	if got != "open /etc: permission\x00 denied?" {
		t.Errorf("got %q", got)
	}
	long := Evidence(strings.Repeat("ä", MaxEvidence+1))
	if n := utf8.RuneCountInString(long); n != MaxEvidence {
		t.Errorf("%d characters are left, want %d", n, MaxEvidence)
	}
}

func TestUnexpected(t *testing.T) {
	for _, c := range []struct {
		check Check
		want  bool
	}{
		{Check{Result: "denied"}, false},
		{Check{Result: "denied", Expected: "denied"}, false},
		{Check{Result: "allowed", Expected: "denied"}, true},
	} {
		if got := c.check.Unexpected(); got != c.want {
			t.Errorf("%+v: %v", c.check, got)
		}
	}
}

func TestChecksOfARecordAreUniqueAndBounded(t *testing.T) {
	one := Check{Group: "files", Name: "dotdot", Result: "denied"}
	for name, checks := range map[string][]Check{
		"twice":         {one, one},
		"long evidence": {{Group: "files", Name: "dotdot", Result: "denied", Evidence: strings.Repeat("ä", MaxEvidence+1)}},
		"too many":      make([]Check, MaxChecks+1),
	} {
		r, _ := filledRecords()
		if r.Checks = checks; r.Validate() == nil {
			t.Errorf("%s: is taken", name)
		}
	}
}
