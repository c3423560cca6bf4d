package agent

import (
	"slices"
	"time"

	"edgebench/runners"
	"edgebench/runners/contention"
)

// probe takes readings of the contention probe.
type probe interface {
	Read() time.Duration
}

// newProbe makes the probe of a measurement. Tests set one whose readings are known.
var newProbe = func() probe { return new(contention.Reader) }

// prober reads the contention probe at intervals: a fixed CPU-bound loop that takes
// longer while another thread shares the processor's core.
type prober struct {
	probe probe
	// shortest are the shortest readings, in ascending order.
	shortest []time.Duration
	last     time.Duration
	// fresh says that no iteration followed the last reading.
	fresh bool
}

const (
	// readEvery is the shortest time between two readings.
	readEvery = time.Millisecond
	// readMore is the length of an iteration for which one more short reading is
	// required.
	readMore = readEvery / 10
	// maxReadings is the largest number of short readings that is used.
	maxReadings = 2 + int(readEvery/readMore)
)

// enough is how many short readings an iteration of such a length requires. A
// single short reading may come from an uncontended moment that is shorter than the
// iteration, and so may a few for a long iteration.
func enough(iteration time.Duration) int {
	return min(2+int(iteration/readMore), maxReadings)
}

// read takes a reading if the last one was at least readEvery ago.
func (p *prober) read() {
	if p.last != 0 && runners.Now()-p.last < readEvery {
		return
	}
	p.add(p.probe.Read())
	p.last, p.fresh = runners.Now(), true
}

// add stores a reading if it is one of the shortest.
func (p *prober) add(took time.Duration) {
	at, _ := slices.BinarySearch(p.shortest, took)
	if at < maxReadings {
		p.shortest = slices.Insert(p.shortest, at, took)
		p.shortest = p.shortest[:min(len(p.shortest), maxReadings)]
	}
}

// reading is the k-th shortest reading, where k is what an iteration of such a
// length requires; 0 if there were fewer.
func (p *prober) reading(iteration time.Duration) time.Duration {
	k := enough(iteration)
	if len(p.shortest) < k {
		return 0
	}
	return p.shortest[k-1]
}

// uncontended says whether the reading was no longer than the longest reading of an
// uncontended core. It is true if that reading is unknown (0).
func (p *prober) uncontended(longest, iteration time.Duration) bool {
	reading := p.reading(iteration)
	return longest == 0 || reading != 0 && reading <= longest
}
