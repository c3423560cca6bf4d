package runners

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// WriteProgram writes a new executable file. It can be run at once.
func WriteProgram(path string, content io.Reader) error {
	return WithoutFork(func() error {
		out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o700)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, content)
		return errors.Join(err, out.Close())
	})
}

// WithoutFork calls write while no other goroutine can fork. A child that is
// forked while a program's file is open for writing inherits the descriptor and
// keeps it until its exec. Until then Linux refuses to run the program
// (ETXTBSY, https://go.dev/issue/22315).
func WithoutFork(write func() error) error {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	return write()
}
