package report

import (
	"fmt"
	"slices"
	"strings"

	"edgebench/bench/stat"
)

// Selector picks cells by the names of a record's cell.
type Selector struct {
	text string
	keys map[string]string
}

// ParseSelector reads KEY=VALUE …, where KEY is one of experiment, runner, mode,
// workload, language, rung, metric.
func ParseSelector(text string) (Selector, error) {
	s := Selector{text: clean(text), keys: map[string]string{}}
	if len(text) > maxText {
		return s, fmt.Errorf("%q is too long for a choice of cells", s.text)
	}
	for _, f := range strings.Fields(text) {
		key, value, ok := strings.Cut(f, "=")
		_, twice := s.keys[key]
		if !ok || value == "" || twice || !slices.Contains(selectorKeys(), key) {
			return s, fmt.Errorf("%q has %q, where KEY=VALUE of a cell is expected (%s), each key once", s.text, clean(f), strings.Join(selectorKeys(), ", "))
		}
		s.keys[key] = value
	}
	return s, nil
}

func selectorKeys() []string {
	return []string{"experiment", "runner", "mode", "workload", "language", "rung", "metric"}
}

// String is the selector as it was given.
func (s Selector) String() string { return s.text }

func (s Selector) allows(k stat.Key) bool {
	has := selectable(k)
	for key, value := range s.keys {
		if has[key] != value {
			return false
		}
	}
	return true
}

// selectable gives what a key has of each of the selectors' keys.
func selectable(k stat.Key) map[string]string {
	return map[string]string{
		"experiment": string(k.Experiment), "runner": k.Cell.Runner, "mode": k.Cell.Mode, "workload": k.Cell.Workload,
		"language": k.Cell.Language, "rung": string(k.Cell.Rung), "metric": k.Metric,
	}
}

// apart is what tells a sample from others of a selection: all that the
// selector leaves open, and the conditions.
func (s Selector) apart(k stat.Key) string {
	has := selectable(k)
	parts := []string{k.Conditions.String()}
	for _, key := range selectorKeys() {
		if _, named := s.keys[key]; !named {
			parts = append(parts, has[key])
		}
	}
	return strings.Join(parts, "\x00")
}
