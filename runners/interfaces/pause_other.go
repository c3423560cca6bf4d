//go:build !linux

package interfaces

import "time"

func pause(d time.Duration) { time.Sleep(d) }
