package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"edgebench/bench/stat"
)

// Threshold is a condition under which a comparison is to fail.
type Threshold struct {
	text    string
	verdict stat.Verdict
	// missing asks for cells of the old run that the new one has no figures of.
	missing bool
	// beyond is the least change, as a part of the old figure.
	beyond float64
	// keys narrow it down to cells, by the names of a record's cell.
	keys map[string]string
}

// thresholdHelp is a threshold's form, for messages.
const thresholdHelp = `want slower, faster, undecided or missing, perhaps a least change such as ">5%", perhaps key=value of a cell, e.g. "slower>5% runner=wasmtime rung=cold"`

// ParseThreshold reads a threshold, whose form is
//
//	WORD[>N%] [KEY=VALUE …]
//
// where WORD is slower, faster, undecided or missing and KEY one of experiment,
// runner, mode, workload, language, rung, metric. Without keys, or with runner
// alone, it holds for runners as wholes too.
func ParseThreshold(text string) (Threshold, error) {
	t := Threshold{text: clean(text), keys: map[string]string{}}
	fields := strings.Fields(text)
	if len(fields) == 0 || len(text) > maxText {
		return t, fmt.Errorf("the threshold %q is none: %s", t.text, thresholdHelp)
	}
	word, least, bounded := strings.Cut(fields[0], ">")
	switch word {
	case string(stat.Slower), string(stat.Faster), string(stat.Undecided):
		t.verdict = stat.Verdict(word)
	case "missing":
		t.missing = true
	default:
		return t, fmt.Errorf("the threshold %q begins with %q: %s", t.text, clean(word), thresholdHelp)
	}
	if bounded {
		percent, err := strconv.ParseFloat(strings.TrimSuffix(least, "%"), 64)
		if err != nil || !strings.HasSuffix(least, "%") || !(percent >= 0) || percent > 1e6 || t.missing {
			return t, fmt.Errorf("the threshold %q has the least change %q: %s", t.text, clean(least), thresholdHelp)
		}
		t.beyond = percent / 100
	}
	for _, f := range fields[1:] {
		key, value, ok := strings.Cut(f, "=")
		if !ok || value == "" || !slices.Contains(thresholdKeys(), key) || t.missing {
			return t, fmt.Errorf("the threshold %q has %q, where KEY=VALUE of a cell is expected (%s)", t.text, clean(f), strings.Join(thresholdKeys(), ", "))
		}
		t.keys[key] = value
	}
	return t, nil
}

func thresholdKeys() []string {
	return []string{"experiment", "runner", "mode", "workload", "language", "rung", "metric"}
}

// Trips lists what of a comparison meets the threshold, by name.
func (t Threshold) Trips(c *Comparison) []string {
	if t.missing {
		return c.Gone
	}
	var names []string
	for _, j := range c.Runners {
		if j.Verdict == t.verdict && change(j.Verdict, j.Ratio) > t.beyond-1e-12 && t.allowsWhole(j.Name) {
			names = append(names, Whole(j))
		}
	}
	for _, r := range c.Rows {
		if r.Verdict == t.verdict && change(r.Verdict, r.Ratio) > t.beyond-1e-12 && t.allows(r.New.Key) {
			names = append(names, r.Name)
		}
	}
	return names
}

// String is the threshold as it was given.
func (t Threshold) String() string { return t.text }

// change is how much slower or faster, as a part of the old figure.
func change(v stat.Verdict, ratio stat.Estimate) float64 {
	if v == stat.Undecided {
		return 0
	}
	return max(ratio.Value-1, 1-ratio.Value)
}

// allowsWhole says whether a runner as a whole is meant, which no other key is
// a key of.
func (t Threshold) allowsWhole(runner string) bool {
	name, narrowed := t.keys["runner"]
	return len(t.keys) == 0 || narrowed && len(t.keys) == 1 && name == runner
}

func (t Threshold) allows(k stat.Key) bool {
	has := map[string]string{
		"experiment": string(k.Experiment), "runner": k.Cell.Runner, "mode": k.Cell.Mode, "workload": k.Cell.Workload,
		"language": k.Cell.Language, "rung": string(k.Cell.Rung), "metric": k.Metric,
	}
	for key, value := range t.keys {
		if has[key] != value {
			return false
		}
	}
	return true
}
