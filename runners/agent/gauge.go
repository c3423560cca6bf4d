package agent

import (
	"slices"
	"time"

	"edgebench/runners"
	"edgebench/runners/pace"
)

// gauge reads the pace of the core now and then.
type gauge struct {
	reader pace.Reader
	// shortest are the shortest readings, in ascending order.
	shortest []time.Duration
	last     time.Duration
	// fresh is that a reading was the last that was done.
	fresh bool
}

const (
	// readEvery is how long there is at least between two readings.
	readEvery = time.Millisecond
	// readMore is how long an iteration takes for each further reading that must
	// have been met.
	readMore = readEvery / 10
	// mostMet are as many as are ever asked for.
	mostMet = 2 + int(readEvery/readMore)
)

// enough is how often a pace must have been met, by how long an iteration takes:
// one reading alone may have met a moment too short for a call, and a few of them
// moments too short for a long one.
func enough(iteration time.Duration) int {
	return min(2+int(iteration/readMore), mostMet)
}

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
	at, _ := slices.BinarySearch(g.shortest, took)
	if at < mostMet {
		g.shortest = slices.Insert(g.shortest, at, took)
		g.shortest = g.shortest[:min(len(g.shortest), mostMet)]
	}
}

// pace is what was met often enough, 0 where there were too few readings.
func (g *gauge) pace(iteration time.Duration) time.Duration {
	n := enough(iteration)
	if len(g.shortest) < n {
		return 0
	}
	return g.shortest[n-1]
}

// full says whether the pace was no longer than the longest of a core that is
// ours alone; where that is not known, nobody waits for it.
func (g *gauge) full(longest, iteration time.Duration) bool {
	pace := g.pace(iteration)
	return longest == 0 || pace != 0 && pace <= longest
}
