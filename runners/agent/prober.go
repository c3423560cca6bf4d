package agent

import (
	"slices"
	"time"

	"edgebench/runners"
	"edgebench/runners/contention"
)

// prober reads the contention probe now and then: a fixed piece of work that takes
// longer where another thread shares the processor's core.
type prober struct {
	reader contention.Reader
	// shortest are the shortest readings, in ascending order.
	shortest []time.Duration
	last     time.Duration
	// fresh is that a reading was the last that was done.
	fresh bool
}

const (
	// readEvery is how long there is at least between two readings.
	readEvery = time.Millisecond
	// readMore is the length of an iteration for which one more short reading is
	// required.
	readMore = readEvery / 10
	// maxReadings is the largest number of short readings that is used.
	maxReadings = 2 + int(readEvery/readMore)
)

// enough is how many readings must have been short, by how long an iteration
// takes. A single one may have met a moment too short for a call, and a few of
// them moments too short for a long one.
func enough(iteration time.Duration) int {
	return min(2+int(iteration/readMore), maxReadings)
}

// read takes a reading when there was none for a while.
func (p *prober) read() {
	if p.last != 0 && runners.Now()-p.last < readEvery {
		return
	}
	p.add(p.reader.Read())
	p.last, p.fresh = runners.Now(), true
}

// add takes note of a reading.
func (p *prober) add(took time.Duration) {
	at, _ := slices.BinarySearch(p.shortest, took)
	if at < maxReadings {
		p.shortest = slices.Insert(p.shortest, at, took)
		p.shortest = p.shortest[:min(len(p.shortest), maxReadings)]
	}
}

// reading is the k-th shortest one, where an iteration of such a length asks for k
// of them; 0 where there were fewer.
func (p *prober) reading(iteration time.Duration) time.Duration {
	k := enough(iteration)
	if len(p.shortest) < k {
		return 0
	}
	return p.shortest[k-1]
}

// uncontended says whether the reading was no longer than the longest of a core
// that is not shared; where that is not known, nobody waits for it.
func (p *prober) uncontended(longest, iteration time.Duration) bool {
	reading := p.reading(iteration)
	return longest == 0 || reading != 0 && reading <= longest
}
