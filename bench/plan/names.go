package plan

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"edgebench/results"
)

// ErrNothing: nothing is left to measure.
var ErrNothing = errors.New("nothing is left to measure: no available system has what was asked for (benchrun list shows what there is)")

// Names are all that a configuration or a filter may name, whether or not it
// is available on this machine.
type Names struct{ Runners, Workloads, Languages []string }

// Check refuses a name that nobody knows.
func (n Names) Check(runners, workloads, languages, rungs []string) error {
	var known []string
	for _, r := range results.Rungs() {
		known = append(known, string(r))
	}
	for _, c := range []struct {
		what         string
		asked, known []string
	}{
		{"runner", runners, n.Runners}, {"workload", workloads, n.Workloads},
		{"language", languages, n.Languages}, {"rung", rungs, known},
	} {
		slices.Sort(c.known)
		for _, name := range c.asked {
			if !slices.Contains(c.known, name) {
				return fmt.Errorf("unknown %s %q: choose from %s", c.what, name, strings.Join(slices.Compact(c.known), ", "))
			}
		}
	}
	return nil
}

// CheckNames does the same for all that a configuration names.
func (c Config) CheckNames(n Names) error {
	for i, e := range c.Matrix {
		if err := n.Check(e.Runners, e.Workloads, e.Languages, nil); err != nil {
			return fmt.Errorf("%s: matrix entry %d: %w", c.Profile, i+1, err)
		}
	}
	systems := slices.Concat(c.Table.Containers, c.Table.Wasm, c.Table.Fallback, []results.System{c.Table.Reference})
	for _, s := range systems {
		if err := n.Check([]string{s.Runner}, []string{c.Table.Workload}, []string{c.Table.Language}, nil); err != nil {
			return fmt.Errorf("%s: table: %w", c.Profile, err)
		}
	}
	return nil
}
