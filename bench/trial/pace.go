package trial

import (
	"time"

	"edgebench/results"
)

// paces are the least readings of the pace so far, by those that are alike: see
// results.Cell.Paced.
type paces map[results.Cell]time.Duration

// full is the longest pace on a core that is ours alone, 0 where nothing is known.
func (p paces) full(c results.Cell) time.Duration {
	return time.Duration(float64(p[c.Paced()]) * (1 + results.PaceSlack))
}

// met takes note of a trial's pace, which is 0 where it has none.
func (p *paces) met(c results.Cell, pace time.Duration) {
	if *p == nil {
		*p = paces{}
	}
	if least := (*p)[c.Paced()]; pace > 0 && (least == 0 || pace < least) {
		(*p)[c.Paced()] = pace
	}
}
