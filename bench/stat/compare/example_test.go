package compare_test

import (
	"fmt"

	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/results"
)

// Compare two samples: is the new one slower?
func ExampleCompare() {
	sample := func(milliseconds ...float64) *stat.Sample {
		s := &stat.Sample{Unit: results.Seconds}
		for i, v := range milliseconds {
			s.Trials = append(s.Trials, stat.Values{Seq: i, Values: []float64{v / 1000}})
		}
		return s
	}
	old := sample(10.1, 9.9, 10.3, 10.0, 9.8, 10.2, 10.0, 10.1)
	new := sample(11.2, 11.0, 11.1, 11.3, 10.9, 11.0, 11.2, 11.1)

	family := compare.Compare([]compare.Pair{{Old: old, New: new}}, compare.DefaultCriteria(1))
	for _, c := range family.Comparisons {
		fmt.Printf("%s, × %.3f (%.3f to %.3f): %s\n", c.Verdict, c.Ratio.Value, c.Ratio.Interval.Low, c.Ratio.Interval.High, c.Reason.Code)
	}
	// Output: slower, × 1.104 (1.086 to 1.123): significant
}
