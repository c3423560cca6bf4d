package stat

import (
	"slices"

	"edgebench/results"

	"github.com/aclements/go-moremath/stats"
)

// byPace judges the least times by the pace of their trials, which is a sign of
// its own: what is left out does not depend on how long a runtime took.
func (s *Samples) byPace() {
	paces, alike := map[int]float64{}, map[results.Cell][]float64{}
	for _, sample := range s.list {
		if sample.Metric != results.Pace {
			continue
		}
		of := sample.Cell.Paced()
		for _, t := range sample.Trials {
			paces[t.Seq] = t.Values[0]
			alike[of] = append(alike[of], t.Values[0])
		}
	}
	full := map[results.Cell]float64{}
	for of, all := range alike {
		full[of] = fullPace(all)
		for _, pace := range all {
			s.paced++
			if pace > full[of] {
				s.shared++
			}
		}
	}
	for _, sample := range s.list {
		if sample.Metric == results.LeastResponse {
			sample.byPace(paces, full[sample.Cell.Paced()])
		}
	}
}

func (s *Sample) byPace(paces map[int]float64, full float64) {
	for i := range s.Trials {
		t := &s.Trials[i]
		if pace, ok := paces[t.Seq]; ok {
			t.Disturbed = pace > full
		}
	}
	if len(s.Trials)-s.disturbed() < Need(0.5) {
		return
	}
	s.Trials = slices.DeleteFunc(s.Trials, func(t Values) bool {
		_, ok := paces[t.Seq]
		return ok && t.Disturbed
	})
}

// fullPace is the longest pace of a core that was ours alone: one of twenty
// trials has a shorter one than what the slack is added to, so that no single
// reading decides.
func fullPace(paces []float64) float64 {
	return stats.Sample{Xs: paces}.Quantile(0.05) * (1 + results.PaceSlack)
}
