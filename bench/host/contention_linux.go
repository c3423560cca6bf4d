package host

import (
	"context"
	"fmt"
	"slices"
	"time"

	"edgebench/runners/contention"
)

// probeEvery is the time between two readings of the contention probe.
const probeEvery = 2 * time.Millisecond

// readProbes reads the contention probe on the cores that this process is
// scheduled on, until the context ends.
func readProbes(ctx context.Context) []time.Duration {
	var reader contention.Reader
	var all []time.Duration
	every := time.NewTicker(probeEvery)
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

// Shares by which the median reading exceeds the shortest ones, from which the
// doctor warns.
const (
	noticeableContention = 0.05
	heavyContention      = 0.25
	// minProbes is the smallest number of readings that are judged.
	minProbes = 20
)

// checkContention reports whether another thread shared the cores. It misses
// contention that lasted for all of the readings.
func checkContention(readings []time.Duration) Finding {
	f := Finding{Name: "pace", State: OK,
		Meaning: "another thread on the same core, of this machine or of another virtual machine, uses its execution units and caches; steal time does not show this"}
	if len(readings) < minProbes {
		f.State = Unknown
		return f
	}
	all := slices.Sorted(slices.Values(readings))
	best, middle := all[len(all)/20], all[len(all)/2]
	slower := float64(middle)/float64(best) - 1
	f.Value = fmt.Sprintf("the median reading of the contention probe is %.2f times the shortest", slower+1)
	switch {
	case slower >= heavyContention:
		f.State = Bad
	case slower >= noticeableContention:
		f.State = Warn
	default:
		return f
	}
	f.Remedy = "use a machine with dedicated cores or with SMT off; on this machine prefer minima to medians"
	return f
}
