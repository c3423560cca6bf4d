//go:build unix

package runnertest

import (
	"syscall"
	"testing"
	"time"
)

// processorTime is what this process has used so far, in all of its threads.
func processorTime(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
