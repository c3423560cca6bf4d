package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"gonum.org/v1/gonum/floats"
	gonum "gonum.org/v1/gonum/stat"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/throughput"
	"edgebench/bench/stat"
	"edgebench/bench/stat/diagnose"
	"edgebench/results"
)

// cell is the noise of one measured cell.
type cell struct {
	key                stat.Key
	trials, iterations int
	// centres are the logarithms of trials' medians less that of the cell, and
	// spread is their standard deviation.
	centres []float64
	spread  float64
	// rests are the logarithms of iterations less that of their trial's median.
	rests [][]float64
}

// minTrials is what a cell needs for an interval.
const minTrials = 6

// resampled are the metrics whose noise is taken.
var resampled = []string{coldstart.FirstResponse, coldstart.Minimum, throughput.RequestRate}

// newest names the last folder below dir, by name: those of published runs begin
// with their dates.
func newest(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("look for the newest published run: %w", err)
	}
	for _, e := range slices.Backward(entries) { // in the order of their names
		if e.IsDir() {
			return filepath.Join(dir, e.Name()), nil
		}
	}
	return "", fmt.Errorf("%s has no folder of a run", dir)
}

// readCells takes the noise out of a run: of all cold starts and rates of cells
// with an interval.
func readCells(dir string) ([]*cell, error) {
	run, err := results.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("read the run whose noise is resampled: %w", err)
	}
	samples, _ := stat.Group(diagnose.Judge(run.Environment, run.Records))
	var cells []*cell
	for _, s := range samples.All() {
		if len(s.Trials) >= minTrials && slices.Contains(resampled, s.Metric) {
			cells = append(cells, newCell(s))
		}
	}
	if len(cells) == 0 {
		return nil, fmt.Errorf("%s holds no cell with %d trials", dir, minTrials)
	}
	return cells, nil
}

func newCell(s *stat.Sample) *cell {
	c := &cell{key: s.Key, trials: len(s.Trials), iterations: s.Count() / len(s.Trials)}
	for _, t := range s.Trials {
		rest := make([]float64, len(t.Values))
		for i, v := range t.Values {
			rest[i] = math.Log(v)
		}
		centre := stat.Median(rest)
		floats.AddConst(-centre, rest)
		c.centres, c.rests = append(c.centres, centre), append(c.rests, rest)
	}
	floats.AddConst(-stat.Median(c.centres), c.centres)
	c.spread = gonum.StdDev(c.centres, nil)
	return c
}

// noise draws trials of the cell's noise: a measured centre, smoothed by a
// normal kernel of Silverman's width since six values are no distribution
// (Density Estimation, 1986, equation 3.31: by the lesser of two measures of
// spread, so that a few outliers don't smear what lies together), and
// shrunk so that their spread stays what it was; and with it all iterations of a
// measured trial as they stand, warm-up and outliers included. The number of
// iterations is the measured one.
func (c *cell) noise() noise {
	quartiles := stat.Quantile(c.centres, 0.75) - stat.Quantile(c.centres, 0.25)
	width := 0.9 * min(c.spread, quartiles/1.34) * math.Pow(float64(c.trials), -0.2)
	shrink := 1.0
	if c.spread > 0 {
		shrink = c.spread / math.Hypot(c.spread, width)
	}
	return noise{"resampled from a real run", true, func(r *rand.Rand, _ int, _ float64) []float64 {
		centre := shrink * (c.centres[r.IntN(c.trials)] + width*r.NormFloat64())
		values := slices.Clone(c.rests[r.IntN(c.trials)])
		floats.AddConst(centre, values)
		return values
	}}
}

// some spreads n cells over all, from calm to noisy.
func some(cells []*cell, n int) []*cell {
	sorted := slices.SortedFunc(slices.Values(cells), func(a, b *cell) int {
		if a.spread < b.spread {
			return -1
		}
		return 1
	})
	var list []*cell
	for i := range min(n, len(sorted)) {
		list = append(list, sorted[i*(len(sorted)-1)/max(1, n-1)])
	}
	return list
}
