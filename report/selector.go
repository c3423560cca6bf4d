package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/report/clean"
	"edgebench/report/section/registry"
	"edgebench/results"
)

// Selector picks cells by the names of a record's cell.
type Selector struct {
	text string
	keys map[string]string
}

// ParseSelector reads KEY=VALUE …, where KEY is one of experiment, runner, mode,
// workload, build, metric, or a parameter of an experiment such as rung,
// page_cache, concurrency and instance. The runner may be a system, as RUNNER/MODE.
func ParseSelector(text string) (Selector, error) {
	s := Selector{text: clean.Text(text), keys: map[string]string{}}
	if len(text) > clean.MaxText {
		return s, fmt.Errorf("%q is too long for a choice of cells", s.text)
	}
	for _, f := range strings.Fields(text) {
		key, value, ok := strings.Cut(f, "=")
		if key == "language" {
			return s, fmt.Errorf("%q has the key language, which is called build: build=%s", s.text, clean.Text(value))
		}
		_, twice := s.keys[key]
		if !ok || value == "" || twice || !slices.Contains(selectorKeys(), key) {
			return s, fmt.Errorf("%q has %q, where KEY=VALUE of a cell is expected (%s), each key once", s.text, clean.Text(f), strings.Join(selectorKeys(), ", "))
		}
		s.keys[key] = value
	}
	return s, s.splitSystem()
}

// splitSystem takes a runner's value of the form RUNNER/MODE for both.
func (s Selector) splitSystem() error {
	runner, mode, ok := strings.Cut(s.keys["runner"], "/")
	if !ok {
		return nil
	}
	if _, twice := s.keys["mode"]; twice || runner == "" || mode == "" {
		return fmt.Errorf("%q has a mode twice or an incomplete runner, want runner=RUNNER/MODE, or runner=RUNNER mode=MODE", s.text)
	}
	s.keys["runner"], s.keys["mode"] = runner, mode
	return nil
}

// ofCell are the keys of all cells.
var ofCell = []string{"experiment", "runner", "mode", "workload", "build", "metric"}

// selectorKeys lists the keys of all cells, and the parameters that any section
// has cells with.
func selectorKeys() []string {
	return slices.Concat(ofCell, registry.Params())
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
	has := k.Params.Map()
	for i, value := range []string{string(k.Experiment), k.Runner, k.Mode, k.Workload, k.Build, k.Metric} {
		has[ofCell[i]] = value
	}
	return has
}

// apart distinguishes a sample from others of a selection: the keys that the
// selector does not fix.
func (s Selector) apart(k stat.Key) string {
	has := selectable(k)
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(has)) {
		if _, named := s.keys[key]; !named {
			parts = append(parts, key+"="+has[key])
		}
	}
	return strings.Join(parts, "\x00")
}

// CellKeys gives the KEY=VALUE pairs of all cells of a run that can be compared, sorted.
func CellKeys(f *results.Folder) []string {
	pairs := map[string]bool{}
	for _, s := range compared(look(f.Plan, f.Environment, f.Records)) {
		for key, value := range selectable(s.Key) {
			if value != "" && slices.Contains(selectorKeys(), key) {
				pairs[key+"="+value] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(pairs))
}

// matches rejects a selector that picks none of the cells, and names the value that none
// of them has.
func (s Selector) matches(cells []stat.Key) error {
	if slices.ContainsFunc(cells, s.allows) {
		return nil
	}
	for _, key := range keysOf(s) {
		var known []string
		for _, cell := range cells {
			if value := selectable(cell)[key]; value != "" {
				known = append(known, value)
			}
		}
		if !slices.Contains(known, s.keys[key]) {
			return fmt.Errorf("no cell has %s=%s: %w", key, clean.Text(s.keys[key]), results.Unknown(key, s.keys[key], known))
		}
	}
	return fmt.Errorf("no cell has all of %q", s)
}
