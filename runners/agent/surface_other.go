//go:build !linux

package agent

import (
	"errors"
	"fmt"
)

func heldBy(int) (Held, error) {
	return Held{}, fmt.Errorf("read what a process holds: %w", errors.ErrUnsupported)
}
