package runners

import (
	"context"
	"net/netip"
	"time"
)

// Looker is a Loaded that can start its program without a request, to see what it
// does.
type Looker interface {
	// Look starts the program with an empty stdin, watches it until it listens, ends
	// or the time is over, and ends it.
	Look(ctx context.Context, within time.Duration) (Seen, error)
}

// Seen is what a program did without a request.
type Seen struct {
	// Listening are the TCP addresses at which it listened, as it has them itself.
	Listening []netip.AddrPort `json:"listening,omitempty"`
	// Ended says how it ended by itself, "" if it did not.
	Ended string `json:"ended,omitempty"`
	// Said is the first line that it wrote to stderr.
	Said string `json:"said,omitempty"`
}

// settling is how long a program that listens may take to listen at further ports.
const settling = 100 * time.Millisecond

// between is the time between two looks.
const between = 20 * time.Millisecond

// Watch looks at a program that has been started until it listens, ends or the time
// is over. listening gives where it listens, ended whether it has ended and how.
func Watch(ctx context.Context, within time.Duration, listening func() []netip.AddrPort, ended func() (how string, over bool)) (s Seen) {
	until := Now() + within
	for Now() < until && ctx.Err() == nil {
		how, over := ended()
		found := listening()
		if s.Listening = found; over {
			s.Ended = how
			return s
		}
		if len(found) > 0 {
			until = min(until, Now()+settling)
		}
		time.Sleep(between)
	}
	return s
}
