package runnertest

import (
	"slices"
	"testing"

	"edgebench/runners"
)

// The builds that cover have every workload and every language among them, and one
// image, and are fewer than all.
func TestCoveringBuilds(t *testing.T) {
	for _, takes := range [][]runners.Kind{{runners.Wasm}, {runners.Native, runners.Image}} {
		s := &suite{entry: runners.Entry{Takes: takes}, guests: openGuests(t)}
		all := s.builds()
		covering := slices.DeleteFunc(slices.Clone(all), func(b suited) bool { return !b.covers })
		if len(covering) == 0 || len(covering) >= len(all) {
			t.Errorf("%v: %d of %d builds cover", takes, len(covering), len(all))
		}
		for _, b := range all {
			if !slices.ContainsFunc(covering, func(c suited) bool { return c.workload.Name == b.workload.Name }) {
				t.Errorf("%v: no build of the workload %s covers", takes, b.workload.Name)
			}
			alike := func(c suited) bool {
				return c.language == b.language || b.kind == runners.Image && c.kind == runners.Image
			}
			if !slices.ContainsFunc(covering, alike) {
				t.Errorf("%v: no build in %s covers", takes, b.language)
			}
		}
		t.Logf("%v: %d of %d builds cover", takes, len(covering), len(all))
	}
}

// Ports are free, and none is given twice.
func TestFreePorts(t *testing.T) {
	seen := map[int]bool{}
	for range 100 {
		port := freePort(t)
		if seen[port] || port < firstPort || port >= firstPort+ports {
			t.Errorf("port %d is given twice, or out of range", port)
		}
		seen[port] = true
	}
}
