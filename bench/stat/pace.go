package stat

import (
	"slices"

	"edgebench/bench/experiment/coldstart"
	"edgebench/results"
)

// byPace judges the least times by the pace of their trials, which is a sign of
// its own: what is left out does not depend on how long a runtime took.
func (s *Samples) byPace() {
	paces, alike := map[int]float64{}, map[results.Cell][]float64{}
	for _, sample := range s.list {
		if sample.Metric != coldstart.ContentionProbe {
			continue
		}
		of := coldstart.Alike(sample.Cell)
		for _, t := range sample.Trials {
			paces[t.Seq] = t.Values[0]
			alike[of] = append(alike[of], t.Values[0])
		}
	}
	s.longest = map[results.Cell]float64{}
	for of, all := range alike {
		s.longest[of] = fullPace(all)
	}
	for _, sample := range s.list {
		switch longest := s.longest[coldstart.Alike(sample.Cell)]; sample.Metric {
		case coldstart.ContentionProbe:
			s.paced += len(sample.Trials)
			s.shared += len(sample.Trials) - s.full(sample)
		case coldstart.Minimum:
			sample.byPace(paces, longest)
		}
	}
}

// full is how many trials of a sample of paces have a full one.
func (s *Samples) full(sample *Sample) int {
	n := 0
	for _, t := range sample.Trials {
		if t.Values[0] <= s.longest[coldstart.Alike(sample.Cell)] {
			n++
		}
	}
	return n
}

// PaceRatio is by how much longer than in old a full pace is in new: the median
// over runners and rungs that both have, 0 where they have none. What it differs
// from 1 by the machine differed by, or the processor's core was never ours alone
// in one of them.
func PaceRatio(old, new *Samples) float64 {
	var ratios []float64
	for of, longest := range new.longest {
		if before := old.longest[of]; before > 0 && longest > 0 {
			ratios = append(ratios, longest/before)
		}
	}
	return Median(ratios)
}

func (s *Sample) byPace(paces map[int]float64, longest float64) {
	full := 0
	for i := range s.Trials {
		t := &s.Trials[i]
		if pace, ok := paces[t.Seq]; ok {
			if t.Disturbed = pace > longest; !t.Disturbed {
				full++
			}
		}
	}
	if len(s.Trials)-s.disturbed() < Need(0.5) {
		return
	}
	s.Trials = slices.DeleteFunc(s.Trials, func(t Values) bool {
		_, ok := paces[t.Seq]
		return ok && t.Disturbed
	})
	s.Full = s.Rung().Loaded() && len(s.Trials) == full
}

// fullPace is the longest pace of a core that was ours alone: one of twenty
// trials has a shorter one than what the slack is added to, so that no single
// reading decides.
func fullPace(paces []float64) float64 {
	return Quantile(paces, 0.05) * (1 + coldstart.ProbeSlack)
}
