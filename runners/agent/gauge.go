package agent

import (
	"time"

	"edgebench/runners"
	"edgebench/runners/pace"
)

// gauge reads the pace of the core now and then.
type gauge struct {
	reader pace.Reader
	least  time.Duration
	last   time.Duration
	// fresh is that a reading was the last that was done.
	fresh bool
}

// readEvery is how long there is at least between two readings.
const readEvery = time.Millisecond

// read takes a reading when there was none for a while.
func (g *gauge) read() {
	if g.last != 0 && runners.Now()-g.last < readEvery {
		return
	}
	if took := g.reader.Read(); g.least == 0 || took < g.least {
		g.least = took
	}
	g.last, g.fresh = runners.Now(), true
}

// full says whether a reading was no longer than the longest of a core that is
// ours alone; where that is not known, nobody waits for one.
func (g *gauge) full(longest time.Duration) bool {
	return longest == 0 || g.least != 0 && g.least <= longest
}
