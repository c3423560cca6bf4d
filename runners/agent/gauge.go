package agent

import (
	"time"

	"edgebench/runners"
	"edgebench/runners/pace"
)

// gauge reads the pace of the core now and then.
type gauge struct {
	reader pace.Reader
	// least and second are the two shortest readings: one alone may have met a
	// moment too short for an iteration.
	least, second time.Duration
	last          time.Duration
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
	g.met(g.reader.Read())
	g.last, g.fresh = runners.Now(), true
}

// met takes note of a reading.
func (g *gauge) met(took time.Duration) {
	switch {
	case g.least == 0 || took < g.least:
		g.least, g.second = took, g.least
	case g.second == 0 || took < g.second:
		g.second = took
	}
}

// pace is what was met twice, 0 where it was read once or never.
func (g *gauge) pace() time.Duration { return g.second }

// full says whether the pace was no longer than the longest of a core that is
// ours alone; where that is not known, nobody waits for it.
func (g *gauge) full(longest time.Duration) bool {
	return longest == 0 || g.pace() != 0 && g.pace() <= longest
}
