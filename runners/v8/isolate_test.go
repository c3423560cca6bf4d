//go:build cgo && linux && amd64

package v8

import (
	"errors"
	"fmt"
	"testing"

	"edgebench/results"
	"edgebench/runners"
)

// TestCounter fills a small cage.
func TestCounter(t *testing.T) {
	for name, c := range map[string]struct {
		heap uint64
		want int
	}{
		"by number": {0, 7},
		"by size":   {chunk + 1, 4}, // three chunks each of the twelve
		"by more":   {5 * chunk, 3}, // the unchecked two, and the one that shows the size
	} {
		t.Run(name, func(t *testing.T) {
			cage := counter{most: 7, room: 12 * chunk, unchecked: 3}
			var err error
			for err == nil {
				if err = cage.enter(); err == nil {
					cage.measure(func() uint64 { return c.heap })
				}
			}
			if !errors.Is(err, runners.ErrFull) || cage.live != c.want {
				t.Fatalf("%d isolates live, %v; want %d and ErrFull", cage.live, err, c.want)
			}
			stop := results.Stopped(fmt.Sprint("instance 8: instantiate: ", err))
			if stop.Reason != results.StopLimit || stop.Resource != results.ResourcePool {
				t.Errorf("the harness takes %v for %+v", err, stop)
			}
			cage.leave()
			cage.largest = 0
			if err := cage.enter(); err != nil {
				t.Errorf("after one has left: %v", err)
			}
		})
	}
}
