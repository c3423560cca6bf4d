package estimate

import (
	"strings"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/registry"
)

// Recorded names the metric of the records that a derived one is made from: a
// slope, an intercept, a first or a later start, or a percentile of a histogram.
// A name that nothing derives is returned as it is.
func Recorded(metric string) string {
	if _, recorded := registry.Metric(metric); recorded {
		return metric
	}
	if metric == FirstStart || metric == LaterStarts {
		return coldstart.FirstResponse
	}
	for _, derived := range []func(string) string{PerInstance, Fixed} {
		if base, ok := strings.CutSuffix(metric, derived("")); ok {
			return base
		}
	}
	for _, q := range Quantiles() {
		if base, ok := strings.CutPrefix(metric, Percentile{Q: q}.Name()+"_"); ok {
			return base
		}
	}
	return metric
}
