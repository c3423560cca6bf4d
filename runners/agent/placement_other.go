//go:build !linux

package agent

import (
	"fmt"
	"runtime"

	"edgebench/runners"
)

// machineCores cannot be chosen on this system.
var machineCores = cores{
	list: func() ([]int, error) {
		return nil, fmt.Errorf("a process cannot be held on a core on %s: %w", runtime.GOOS, runners.ErrUnavailable)
	},
}
