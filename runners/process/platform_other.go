//go:build !linux

package process

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

const (
	canStop    = false
	canConfine = false
)

func demote(*exec.Cmd) {}

func harden(string, uint64) (*exec.Cmd, error) { return nil, errors.ErrUnsupported }

func limit(_ int, memory uint64) error {
	if memory == 0 {
		return nil
	}
	return fmt.Errorf("not on this system: %w", errors.ErrUnsupported)
}

func hold(*os.Process) error    { return errors.ErrUnsupported }
func release(*os.Process) error { return errors.ErrUnsupported }
