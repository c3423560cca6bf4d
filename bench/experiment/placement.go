package experiment

import (
	"fmt"

	"edgebench/results"
	"edgebench/runners"
)

// PlacementFree leaves it to the scheduler where the two sides of an exchange run. It
// is the default, and no parameter of a cell.
const PlacementFree = "free"

// CheckPlacements rejects unknown values of a key "placements": PlacementFree,
// results.PlacementSameCore and results.PlacementOtherCore.
func CheckPlacements(list []string) error {
	for _, p := range list {
		if p != PlacementFree && p != results.PlacementSameCore && p != results.PlacementOtherCore {
			return fmt.Errorf("placements is %q, want %q, %q or %q", p, PlacementFree, results.PlacementSameCore, results.PlacementOtherCore)
		}
	}
	return nil
}

// Placed gives a cell's parameters in each placement that a mode has. An instance
// within the agent is on the agent's core.
func Placed(params results.Params, placements []string, m runners.Mode) (all []results.Params) {
	if len(placements) == 0 {
		return []results.Params{params}
	}
	for _, p := range placements {
		switch {
		case p == PlacementFree:
			all = append(all, params)
		case m.Processes || p == results.PlacementSameCore:
			all = append(all, params.With(results.PlacementParam, p))
		}
	}
	return all
}
