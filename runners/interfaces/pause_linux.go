package interfaces

import (
	"time"

	"golang.org/x/sys/unix"
)

// pause sleeps in the kernel: a timer of Go's, with nothing else to do, comes
// up to a millisecond or two late.
func pause(d time.Duration) {
	t := unix.NsecToTimespec(int64(d))
	// An interrupted sleep is a short one, and there is another attempt.
	_ = unix.Nanosleep(&t, nil)
}
