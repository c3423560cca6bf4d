package stat

import (
	"slices"

	"edgebench/bench/experiment/coldstart"
	"edgebench/results"
)

// contention summarises the contention probes of a run.
type contention struct {
	// probed are the trials with a probe, of which so many were contended
	// throughout.
	probed, contended int
	// longest are the longest probes of an uncontended core, by cells that are
	// alike.
	longest map[results.Cell]float64
}

// MinTrials is the number of trials that a 95 % interval of a median needs: 2·0.5⁶ is
// the largest power of a half below 5 %.
const MinTrials = 6

// judgeContention judges minima by the contention probes of their trials. Probes
// are independent of the runtime's times, so the exclusion does not bias these.
func (s *Samples) judgeContention() {
	probes, alike := map[int]float64{}, map[results.Cell][]float64{}
	for _, sample := range s.list {
		if sample.Metric != coldstart.ContentionProbe {
			continue
		}
		of := coldstart.Alike(sample.Cell)
		for _, t := range sample.Trials {
			probes[t.Seq] = t.Values[0]
			alike[of] = append(alike[of], t.Values[0])
		}
	}
	s.longest = map[results.Cell]float64{}
	for of, all := range alike {
		s.longest[of] = longestUncontended(all)
	}
	for _, sample := range s.list {
		switch longest := s.longest[coldstart.Alike(sample.Cell)]; sample.Metric {
		case coldstart.ContentionProbe:
			s.probed += len(sample.Trials)
			s.contended += len(sample.Trials) - s.Uncontended(sample)
		case coldstart.Minimum:
			sample.judgeContention(probes, longest)
		}
	}
}

// Uncontended is how many trials of a sample of contention probes met an
// uncontended core.
func (s *Samples) Uncontended(probes *Sample) int {
	n := 0
	for _, t := range probes.Trials {
		if t.Values[0] <= s.longest[coldstart.Alike(probes.Cell)] {
			n++
		}
	}
	return n
}

// Contention counts the trials that have a contention probe, and the contended
// ones among them: those whose core was shared throughout.
func (s *Samples) Contention() (contended, probed int) { return s.contended, s.probed }

// ProbeRatio is the ratio of new to old of the contention probe on an uncontended
// core: the median over runners and rungs that both runs have, 0 if there are
// none. A ratio other than 1 means that the machines differ, or that the core was
// never uncontended in one run.
func ProbeRatio(old, new *Samples) float64 {
	var ratios []float64
	for of, longest := range new.longest {
		if before := old.longest[of]; before > 0 && longest > 0 {
			ratios = append(ratios, longest/before)
		}
	}
	return Median(ratios)
}

func (s *Sample) judgeContention(probes map[int]float64, longest float64) {
	uncontended := 0
	for i := range s.Trials {
		t := &s.Trials[i]
		if probe, ok := probes[t.Seq]; ok {
			if t.Disturbed = probe > longest; !t.Disturbed {
				uncontended++
			}
		}
	}
	if len(s.Trials)-s.Disturbed() < MinTrials {
		return
	}
	s.Trials = slices.DeleteFunc(s.Trials, func(t Values) bool {
		_, ok := probes[t.Seq]
		return ok && t.Disturbed
	})
	s.Uncontended = s.Rung().Loaded() && len(s.Trials) == uncontended
}

// longestUncontended is the longest probe of an uncontended core: one of twenty
// trials has a shorter one than what the slack is added to, so that no single
// reading decides.
func longestUncontended(probes []float64) float64 {
	return Quantile(probes, 0.05) * (1 + coldstart.ProbeSlack)
}
