// Package contention has the contention probe: a fixed CPU-bound loop, independent
// of any runtime, which shows whether the processor's core is shared. The loop
// takes one and a half times as long while another thread of the core is busy, and
// so does the measured work. The other thread may belong to another virtual
// machine; steal time does not show that.
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

// Read gives the duration of the loop, about two microseconds. It runs the loop
// twice and times the second run, since the first one warms caches and branch
// predictors.
func (r *Reader) Read() time.Duration { return r.read(runners.Now) }

func (r *Reader) read(now func() time.Duration) time.Duration {
	r.work()
	from := now()
	r.work()
	return now() - from
}

// work uses registers and the first-level cache alone. Its operations are
// independent: a dependent chain leaves execution units of the core free, and so
// is as fast on a shared core.
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
	r.sum += a ^ b ^ c ^ d // the result is used, or the compiler would remove the loop
}
