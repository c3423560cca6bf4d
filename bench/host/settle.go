package host

import (
	"context"
	"time"
)

// Settling says when quantities count as settled.
type Settling struct {
	// Every is the time between two readings.
	Every time.Duration
	// Within is the time after which Settle gives up.
	Within time.Duration
	// Tolerance is by how much two successive readings of a quantity may
	// differ, in its unit.
	Tolerance uint64
}

// Settle reads quantities, such as PSS and MemAvailable, until no quantity
// differs from the reading before by more than the tolerance, and reports
// whether that came to pass in time. It reads at least twice. The last reading
// is the caller's to keep: it is that of the last call of read. An error of
// read or of the context ends it.
//
// Memory needs this: pages are given back by other threads than those that
// free them, and groups, namespaces and page caches are torn down later still.
func Settle(ctx context.Context, s Settling, read func() ([]uint64, error)) (bool, error) {
	deadline := time.Now().Add(s.Within)
	before, err := read()
	if err != nil {
		return false, err
	}
	tick := time.NewTicker(max(s.Every, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-tick.C:
		}
		now, err := read()
		if err != nil {
			return false, err
		}
		if s.agree(before, now) {
			return true, nil
		}
		if !time.Now().Before(deadline) {
			return false, nil
		}
		before = now
	}
}

func (s Settling) agree(a, b []uint64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if max(a[i], b[i])-min(a[i], b[i]) > s.Tolerance {
			return false
		}
	}
	return true
}
