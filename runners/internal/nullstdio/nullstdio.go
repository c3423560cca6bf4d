//go:build linux || darwin

// Package nullstdio keeps the standard descriptors of this process from guests, for
// libraries whose WASI gives a guest the process's own.
package nullstdio

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Move puts the null device in the place of stdin and stdout and gives what was
// there. On an agent they are the harness's pipes.
func Move() (in, out *os.File, err error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	defer null.Close()
	if in, err = move(0, "stdin", null); err != nil {
		return nil, nil, err
	}
	out, err = move(1, "stdout", null)
	return in, out, err
}

func move(fd int, name string, null *os.File) (*os.File, error) {
	moved, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, fmt.Errorf("move %s: %w", name, err)
	}
	if err := duplicate(int(null.Fd()), fd); err != nil {
		return nil, fmt.Errorf("put %s in the place of %s: %w", os.DevNull, name, err)
	}
	return os.NewFile(uintptr(moved), name), nil
}

// StdinIsNull says whether there is nothing to read from this process's stdin.
func StdinIsNull() bool {
	in, err := os.Stdin.Stat()
	if err != nil {
		return true // it is closed
	}
	null, err := os.Stat(os.DevNull)
	return err == nil && os.SameFile(in, null)
}
