// Package contention has a probe that tells by a fixed piece of work, which has nothing to do with any
// runtime, whether a processor's core is ours alone. Where another thread of the
// core is busy, be it a neighbour's, of whom steal time shows nothing, such work
// takes one and a half times as long, and so does what is measured beside it.
package contention

import (
	"time"

	"edgebench/runners"
)

// Reader takes readings. Its zero value is ready; it is not for use by several
// goroutines at once.
type Reader struct {
	words [512]uint64
	sum   uint64
}

// Read gives the time of the work, some two microseconds. It is done twice and
// the second time is taken: what went on before has left caches and predictors of
// its own.
func (r *Reader) Read() time.Duration { return r.read(runners.Now) }

func (r *Reader) read(now func() time.Duration) time.Duration {
	r.work()
	from := now()
	r.work()
	return now() - from
}

// work keeps to registers and the nearest cache. Its operations do not wait for
// each other: a chain of such that do leaves the core's units free and is as fast
// on a shared core.
func (r *Reader) work() {
	const mask = uint64(len(r.words) - 1)
	a, b, c, d := uint64(1), uint64(2), uint64(3), uint64(4)
	for i := range uint64(1000) {
		a = a*3 + r.words[4*i&mask]
		b = b ^ b<<7 + r.words[(4*i+1)&mask]
		c = c + r.words[(4*i+2)&mask] ^ a
		d = d*5 ^ r.words[(4*i+3)&mask]
		r.words[i&mask] = i
	}
	r.sum += a ^ b ^ c ^ d // used, or the compiler would leave all of it out
}
