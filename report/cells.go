package report

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/report/format"
	"edgebench/results"
)

// ErrCells says that two selections of cells can't be set side by side.
var ErrCells = errors.New("these cells can't be compared")

// CompareCells sets cells of one run beside others, as one family: each that the
// first selector picks beside that one of the second's which differs from it in
// what the selectors name and in nothing else. The error wraps ErrCells.
func CompareCells(f *results.Folder, cells, with Selector) (*Comparison, error) {
	if len(cells.keys) == 0 || !slices.Equal(keysOf(cells), keysOf(with)) {
		return nil, fmt.Errorf("%w: %q and %q must name the same keys, one at least", ErrCells, cells, with)
	}
	criteria := compare.DefaultCriteria(f.Plan.Seed)
	criteria.OneRun = true
	c := &Comparison{Old: with.String(), New: cells.String(), OneRun: true, Band: criteria.Band, Level: criteria.Level}
	samples := compared(look(f.Plan, f.Environment, f.Records))
	picked, err := cells.pick(samples)
	if err != nil {
		return nil, err
	}
	beside, err := with.pick(samples)
	if err != nil {
		return nil, err
	}
	var pairs []compare.Pair
	for _, s := range samples {
		if o := beside[cells.apart(s.Key)]; o != nil && cells.allows(s.Key) && o.Unit == s.Unit {
			pairs = append(pairs, compare.Pair{Old: o, New: s})
		}
	}
	if len(pairs) == 0 {
		return nil, fmt.Errorf("%w: %d are %q and %d are %q, but no two of them are alike in all else; perhaps the mode is to be named too", ErrCells, len(picked), cells, len(beside), with)
	}
	for _, x := range compare.Compare(pairs, criteria).Comparisons {
		c.Rows = append(c.Rows, ComparisonRow{x, format.Sample(x.New.Key) + ", beside " + format.Sample(x.Old.Key)})
	}
	return c, nil
}

func keysOf(s Selector) []string { return slices.Sorted(maps.Keys(s.keys)) }

// pick gives the samples that a selector allows by what it leaves open.
func (s Selector) pick(samples []*stat.Sample) (map[string]*stat.Sample, error) {
	picked := map[string]*stat.Sample{}
	for _, x := range samples {
		if s.allows(x.Key) {
			picked[s.apart(x.Key)] = x
		}
	}
	if len(picked) == 0 {
		return nil, fmt.Errorf("%w: the run has no cell with %q", ErrCells, s)
	}
	return picked, nil
}
