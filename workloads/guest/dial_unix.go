//go:build unix

package guest

import (
	"io"
	"os"
	"syscall"
)

// dial connects with blocking calls, as stdin and stdout are read and written:
// package net would add its poller to every round trip and a third to the
// size of the smallest artefact.
func dial(path string) (io.ReadWriter, error) {
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(fd)
	if err := syscall.Connect(fd, &syscall.SockaddrUnix{Name: path}); err != nil {
		syscall.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), path), nil
}
