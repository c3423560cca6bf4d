//go:build !linux

package speech

import "time"

func pause(d time.Duration) { time.Sleep(d) }
