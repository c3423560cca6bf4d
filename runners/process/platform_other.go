//go:build !linux

package process

import (
	"errors"
	"fmt"
	"os"
)

const canStop = false

func limit(_ int, memory uint64) error {
	if memory == 0 {
		return nil
	}
	return fmt.Errorf("not on this system: %w", errors.ErrUnsupported)
}

func hold(*os.Process) error    { return errors.ErrUnsupported }
func release(*os.Process) error { return errors.ErrUnsupported }
