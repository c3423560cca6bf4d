package report

import (
	"fmt"
	"strconv"
	"strings"

	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report/clean"
)

// Threshold is a condition under which a comparison is to fail.
type Threshold struct {
	text    string
	verdict compare.Verdict
	// missing asks for cells of the old run that the new one has no figures of.
	missing bool
	// beyond is the smallest change, as a part of the old figure.
	beyond float64
	// cells narrows it down.
	cells Selector
}

// thresholdHelp is a threshold's form, for messages.
const thresholdHelp = `want slower, faster, undecided or missing, optionally with a minimum change such as ">5%" and with key=value pairs of a cell, e.g. "slower>5% runner=wasmtime rung=cold"`

// ParseThreshold reads a threshold, whose form is
//
//	WORD[>N%] [KEY=VALUE …]
//
// where WORD is slower, faster, undecided or missing and KEY one of a selector's
// (see ParseSelector). Without keys, or with runner only, it also applies to whole
// runners.
func ParseThreshold(text string) (Threshold, error) {
	t := Threshold{text: clean.Text(text)}
	fields := strings.Fields(text)
	if len(fields) == 0 || len(text) > clean.MaxText {
		return t, fmt.Errorf("the threshold %q is invalid: %s", t.text, thresholdHelp)
	}
	word, minimum, bounded := strings.Cut(fields[0], ">")
	switch word {
	case string(compare.Slower), string(compare.Faster), string(compare.Undecided):
		t.verdict = compare.Verdict(word)
	case "missing":
		t.missing = true
	default:
		return t, fmt.Errorf("the threshold %q begins with %q: %s", t.text, clean.Text(word), thresholdHelp)
	}
	if bounded {
		percent, err := strconv.ParseFloat(strings.TrimSuffix(minimum, "%"), 64)
		if err != nil || !strings.HasSuffix(minimum, "%") || !(percent >= 0) || percent > 1e6 || t.missing {
			return t, fmt.Errorf("the threshold %q has the minimum change %q: %s", t.text, clean.Text(minimum), thresholdHelp)
		}
		t.beyond = percent / 100
	}
	if t.missing && len(fields) > 1 {
		return t, fmt.Errorf("the threshold %q has %q, but what is missing can't be narrowed down", t.text, clean.Text(fields[1]))
	}
	var err error
	if t.cells, err = ParseSelector(strings.Join(fields[1:], " ")); err != nil {
		return t, fmt.Errorf("the threshold %q: %w", t.text, err)
	}
	return t, nil
}

// Check rejects a threshold that narrows the cells down to none: it would never trip.
// Runs that are not comparable have no cells, and no threshold is rejected for them.
func (t Threshold) Check(c *Comparison) error {
	if len(t.cells.keys) == 0 || len(c.keys) == 0 {
		return nil
	}
	if err := t.cells.matches(c.keys); err != nil {
		return fmt.Errorf("the threshold %q: %w", t.text, err)
	}
	return nil
}

// Trips lists what of a comparison meets the threshold, by name.
func (t Threshold) Trips(c *Comparison) []string {
	if t.missing {
		return c.Gone
	}
	var names []string
	for _, j := range c.Runners {
		if j.Verdict == t.verdict && change(j.Verdict, j.Ratio) > t.beyond-1e-12 && t.allowsGroup(j.Name) {
			names = append(names, Whole(j))
		}
	}
	for _, r := range c.Rows {
		if r.Verdict == t.verdict && change(r.Verdict, r.Ratio) > t.beyond-1e-12 && t.cells.allows(r.New.Key) {
			names = append(names, r.Name)
		}
	}
	return names
}

// String is the threshold as it was given.
func (t Threshold) String() string { return t.text }

// change is how much slower or faster, as a part of the old figure.
func change(v compare.Verdict, ratio estimate.Estimate) float64 {
	if v == compare.Undecided {
		return 0
	}
	return max(ratio.Value-1, 1-ratio.Value)
}

// allowsGroup reports whether the threshold applies to whole runners, which have no
// key but runner.
func (t Threshold) allowsGroup(runner string) bool {
	name, narrowed := t.cells.keys["runner"]
	return len(t.cells.keys) == 0 || narrowed && len(t.cells.keys) == 1 && name == runner
}
