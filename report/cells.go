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

// ErrCells means that two selections of cells can't be compared.
var ErrCells = errors.New("these cells can't be compared")

// CompareCells compares cells of one run with others of it, as one family of tests.
// Each cell that the first selector picks is compared with the cell of the second
// selector that differs only in the keys of the selectors. The error wraps
// ErrCells.
func CompareCells(f *results.Folder, cells, with Selector) (*Comparison, error) {
	if len(cells.keys) == 0 || !slices.Equal(keysOf(cells), keysOf(with)) {
		return nil, fmt.Errorf("%w: %q and %q must name the same keys, at least one", ErrCells, cells, with)
	}
	criteria := compare.DefaultCriteria(f.Plan.Seed)
	criteria.OneRun = true
	c := &Comparison{Old: with.String(), New: cells.String(), OneRun: true, Band: criteria.Band, Level: criteria.Level}
	samples := compared(look(f.Plan, f.Environment, f.Records))
	c.keys = keysOfSamples(samples)
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
		return nil, fmt.Errorf("%w: %d cells match %q and %d match %q, but no two of them agree in everything else; try to name the mode too", ErrCells, len(picked), cells, len(beside), with)
	}
	for _, x := range compare.Compare(pairs, criteria).Comparisons {
		c.Rows = append(c.Rows, ComparisonRow{x, format.Sample(x.New.Key) + ", beside " + format.Sample(x.Old.Key)})
	}
	return c, nil
}

func keysOf(s Selector) []string { return slices.Sorted(maps.Keys(s.keys)) }

// pick returns the samples that a selector matches, by the keys that it does not
// fix.
func (s Selector) pick(samples []*stat.Sample) (map[string]*stat.Sample, error) {
	picked := map[string]*stat.Sample{}
	for _, x := range samples {
		if s.allows(x.Key) {
			picked[s.apart(x.Key)] = x
		}
	}
	if err := s.matches(keysOfSamples(samples)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCells, err)
	}
	return picked, nil
}
