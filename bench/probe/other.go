//go:build !linux

package probe

import (
	"errors"
	"fmt"
	"runtime"
	"time"
)

func unsupported(what string) error {
	return fmt.Errorf("%s on %s: %w", what, runtime.GOOS, errors.ErrUnsupported)
}

// Memory is there on Linux alone.
func Memory([]int) (Usage, error) { return Usage{}, unsupported("memory of processes") }

// Cgroup is there on Linux alone.
func Cgroup([]string) (uint64, error) { return 0, unsupported("charge of control groups") }

// Available is there on Linux alone.
func Available() (uint64, error) { return 0, unsupported("available memory") }

// CPUTime is there on Linux alone.
func CPUTime(int) (time.Duration, error) { return 0, unsupported("CPU time of a process") }

// Descendants is there on Linux alone.
func Descendants(int) ([]int, error) { return nil, unsupported("descendants of a process") }

// StartTime is there on Linux alone.
func StartTime(int) (uint64, error) { return 0, unsupported("start time of a process") }

// Alive is there on Linux alone; here it is never sure enough to say yes.
func Alive(int, uint64) bool { return false }

// MapCount is there on Linux alone.
func MapCount(int) (n, limit int, err error) { return 0, 0, unsupported("mappings of a process") }

// DropPageCache is there on Linux alone.
func DropPageCache() error { return unsupported("dropping the page cache") }

// PageCacheControl reports why DropPageCache would fail.
func PageCacheControl() error { return unsupported("dropping the page cache") }
