package main

import (
	"fmt"
	"strconv"
	"strings"

	"edgebench/bench/plan"
	"edgebench/results"
)

// parseSlow reads the values of --slow: runners with the shares by which they
// are slowed, each known and among those of --runner where that is given. Its errors
// are the user's mistakes.
func parseSlow(texts, among, known []string) (map[string]float64, error) {
	shares := map[string]float64{}
	for _, text := range texts {
		runner, share, err := parseShare(text, known)
		if err != nil {
			return nil, fmt.Errorf("--slow %q: %w", text, err)
		}
		if !plan.AllowsRunner(among, runner) {
			return nil, fmt.Errorf("--slow %q: %s is not among the runners of --runner", text, runner)
		}
		if _, known := shares[runner]; known {
			return nil, fmt.Errorf("--slow %q: %s is slowed already", text, runner)
		}
		shares[runner] = share
	}
	return shares, nil
}

// parseShare reads one, such as wazero=5%.
func parseShare(text string, known []string) (runner string, share float64, err error) {
	runner, percent, _ := strings.Cut(text, "=")
	number, whole := strings.CutSuffix(percent, "%")
	value, err := strconv.ParseFloat(number, 64)
	if !whole || err != nil {
		return "", 0, fmt.Errorf("want RUNNER=PERCENT, e.g. wazero=5%%")
	}
	if share = value / 100; !results.Slowable(share) {
		return "", 0, fmt.Errorf("%s%% is out of bounds: want more than 0%% and at most %d%%", number, results.MaxSlowed*100)
	}
	if whole := plan.RunnerOf(runner); whole != runner {
		return "", 0, fmt.Errorf("a runner is slowed as a whole: want %s=%s", whole, percent)
	}
	return runner, share, plan.Names{Runners: known}.Check(plan.Filter{Runners: []string{runner}})
}
