package plan

import (
	"errors"
	"fmt"
	"slices"

	"edgebench/bench/experiment/registry"
	"edgebench/results"
)

// ErrNothing: nothing is left to measure.
var ErrNothing = errors.New("nothing is left to measure: no available system has what was asked for (benchrun list shows what there is)")

// Names are all that a configuration or a filter may name, whether or not it
// is available on this machine.
type Names struct{ Runners, Workloads, Builds []string }

// Check rejects unknown names in a filter.
func (n Names) Check(f Filter) error {
	for _, c := range []struct {
		what         string
		asked, known []string
	}{
		{"runner", RunnersOf(f.Runners), n.Runners}, {"workload", f.Workloads, n.Workloads}, {"build", f.Builds, n.Builds},
		{"rung", texts(f.Rungs), texts(results.Rungs())}, {"experiment", texts(f.Experiments), texts(registry.Names())},
	} {
		for _, name := range c.asked {
			if !slices.Contains(c.known, name) {
				return results.Unknown(c.what, name, c.known)
			}
		}
	}
	return nil
}

func texts[T ~string](list []T) []string {
	all := make([]string, len(list))
	for i, x := range list {
		all[i] = string(x)
	}
	return all
}

// CheckNames does the same for all that a configuration names.
func (c Config) CheckNames(n Names) error {
	if err := n.Check(Filter{Runners: c.Runners}); err != nil {
		return fmt.Errorf("%s: %w", c.Profile, err)
	}
	for i, e := range c.Matrix {
		if err := n.Check(Filter{Runners: e.Runners, Workloads: e.Workloads, Builds: e.Builds}); err != nil {
			return fmt.Errorf("%s: matrix entry %d: %w", c.Profile, i+1, err)
		}
	}
	r := c.Table.Reference
	filters := []Filter{{Runners: []string{r.Runner}, Workloads: []string{c.Table.Workload}, Builds: []string{c.Table.Build}}}
	for _, class := range c.Table.Classes {
		var f Filter
		for _, s := range class.Systems {
			f.Runners = append(f.Runners, s.Runner)
		}
		for _, a := range class.Artefacts {
			f.Workloads, f.Builds = append(f.Workloads, a.Workload), append(f.Builds, a.Build)
		}
		filters = append(filters, f)
	}
	for _, f := range filters {
		if err := n.Check(f); err != nil {
			return fmt.Errorf("%s: table: %w", c.Profile, err)
		}
	}
	return nil
}
