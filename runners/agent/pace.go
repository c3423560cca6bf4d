package agent

import (
	"time"

	"edgebench/runners"
)

// pace is the time of a fixed piece of work that has nothing to do with any
// runtime. It tells whether the processor's core was ours alone: a core that
// shares its units with another thread of it, of a neighbour that steal time does
// not show, does such work in one and a half times as long, and so what is
// measured between two readings. The work is of many operations that do not wait
// for each other, since a chain of such that do leaves units free and is as fast
// on a shared core.
type pace struct {
	words [512]uint64
	sum   uint64
	least time.Duration
	last  time.Duration
	// fresh is that a reading was the last that was done.
	fresh bool
}

// paceEvery is how long there is at least between two readings, each of some
// microseconds.
const paceEvery = time.Millisecond

// read takes a reading when there was none for a while. The work is done twice
// and the second time is taken: what was measured before has left caches and
// predictors of its own.
func (p *pace) read() {
	if p.last != 0 && runners.Now()-p.last < paceEvery {
		return
	}
	p.work()
	from := runners.Now()
	p.work()
	p.last = runners.Now()
	if took := p.last - from; p.least == 0 || took < p.least {
		p.least = took
	}
	p.fresh = true
}

// work takes some two microseconds, in registers and the nearest cache.
func (p *pace) work() {
	const mask = uint64(len(p.words) - 1)
	a, b, c, d := uint64(1), uint64(2), uint64(3), uint64(4)
	for i := range uint64(1000) {
		a = a*3 + p.words[4*i&mask]
		b = b ^ b<<7 + p.words[(4*i+1)&mask]
		c = c + p.words[(4*i+2)&mask] ^ a
		d = d*5 ^ p.words[(4*i+3)&mask]
		p.words[i&mask] = i
	}
	p.sum += a ^ b ^ c ^ d // used, or the compiler would leave all of it out
}

// full says whether a reading was no longer than the longest of a core that is
// ours alone; where that is not known, nobody waits for one.
func (p *pace) full(longest time.Duration) bool {
	return longest == 0 || p.least != 0 && p.least <= longest
}
