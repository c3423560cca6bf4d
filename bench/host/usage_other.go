//go:build !linux

package host

import (
	"errors"
	"fmt"
	"runtime"
	"time"
)

func unsupported(what string) error {
	return fmt.Errorf("%s on %s: %w", what, runtime.GOOS, errors.ErrUnsupported)
}

// Memory is supported only on Linux.
func Memory([]int) (Usage, error) { return Usage{}, unsupported("memory of processes") }

// Cgroup is supported only on Linux.
func Cgroup([]string) (uint64, error) { return 0, unsupported("charge of control groups") }

// Available is supported only on Linux.
func Available() (uint64, error) { return 0, unsupported("available memory") }

// DropPageCache is supported only on Linux.
func DropPageCache() error { return unsupported("dropping the page cache") }

// PageCacheControl reports why DropPageCache would fail.
func PageCacheControl() error { return unsupported("dropping the page cache") }

// NodeMemory is supported only on Linux.
func NodeMemory() (Total, error) { return Total{}, unsupported("memory of the node") }

// CPUTime is supported only on Linux.
func CPUTime([]int) (time.Duration, error) { return 0, unsupported("processor time of processes") }
