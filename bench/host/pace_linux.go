package host

import (
	"context"
	"fmt"
	"slices"
	"time"

	"edgebench/runners/contention"
)

// paceEvery is how long there is between two readings of the pace.
const paceEvery = 2 * time.Millisecond

// readPaces reads the pace of the cores that this process comes to run on, until
// the context ends.
func readPaces(ctx context.Context) []time.Duration {
	var reader contention.Reader
	var all []time.Duration
	every := time.NewTicker(paceEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return all
		case <-every.C:
			all = append(all, reader.Read())
		}
	}
}

// What the middle reading may be longer than the best ones, before the doctor
// minds.
const (
	noticeablePace = 0.05
	heavyPace      = 0.25
	// leastPaces is how many readings tell anything.
	leastPaces = 20
)

// checkPace tells whether the cores were always as fast as they can be. Where
// they never were, in so short a time, it can't tell.
func checkPace(readings []time.Duration) Finding {
	f := Finding{Name: "pace", State: OK,
		Meaning: "another thread of the core is busy, of this machine or of another on it, and takes units and caches; steal does not show it"}
	if len(readings) < leastPaces {
		f.State = Unknown
		return f
	}
	all := slices.Sorted(slices.Values(readings))
	best, middle := all[len(all)/20], all[len(all)/2]
	slower := float64(middle)/float64(best) - 1
	f.Value = fmt.Sprintf("the same work takes %.2f times as long as at best, at the median", slower+1)
	switch {
	case slower >= heavyPace:
		f.State = Bad
	case slower >= noticeablePace:
		f.State = Warn
	default:
		return f
	}
	f.Mend = "use a machine with whole cores of its own or with SMT off; on this one trust least times before medians"
	return f
}
