package throughput

import (
	"slices"
	"testing"

	"edgebench/bench/experiment/throughput"
	"edgebench/results"
)

// Placements have columns of their own, beside the one that the scheduler decides.
func TestLabels(t *testing.T) {
	one := throughput.Params(throughput.Reused, 1)
	all := []load{
		load(throughput.Params(throughput.Fresh, 1)), load(throughput.Params(throughput.Reused, 2)),
		load(one.With(results.PlacementParam, results.PlacementOtherCore)),
		load(one.With(results.PlacementParam, results.PlacementSameCore)), load(one),
	}
	slices.SortFunc(all, compareLoads)
	var labels []string
	meanings := map[string]bool{}
	for _, l := range all {
		labels = append(labels, l.label())
		meanings[l.meaning()] = true
	}
	if want := []string{"reused ×1", "same-core ×1", "other-core ×1", "reused ×2", "fresh ×1"}; !slices.Equal(labels, want) {
		t.Errorf("the labels are %q, want %q", labels, want)
	}
	if len(meanings) != 4 { // reused ×1 and ×2 mean the same
		t.Errorf("the meanings are %v", meanings)
	}
}
