package interfaces

import (
	"errors"
	"fmt"
	"io"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// certain is how many bytes an empty pipe takes without blocking, however
// little room the system gives to it (PIPE_BUF).
const certain = 4096

// Exchange gives a command its request, closes its stdin, and appends all that
// it writes to stdout until it closes that. Whether it did well only its exit
// code says, which is the caller's to look at.
//
// A command that leaves before it has read all of its request is no error
// here. After an error (ErrTooLarge, or one of reading) the caller ends the
// command.
//
// Closing stdin must unblock a Write that waits, as it does for an os.File and
// as shutdown(2) does for a socket. Exchange closes it in every case.
func Exchange(dst, request []byte, stdin io.WriteCloser, stdout io.Reader) ([]byte, error) {
	if err := abi.CheckRequest(request); err != nil {
		stdin.Close()
		return dst, err
	}
	written := send(stdin, request)
	dst, err := appendAll(dst, stdout)
	stdin.Close()
	<-written
	if err != nil && !errors.Is(err, runners.ErrTooLarge) {
		err = fmt.Errorf("read the response: %w: %w", runners.ErrTrap, err)
	}
	return dst, err
}

// send writes the request and closes stdin, beside the reader where the pipe
// may be too short for it: a command may answer while it reads.
func send(stdin io.WriteCloser, request []byte) (written <-chan struct{}) {
	done := make(chan struct{})
	write := func() {
		defer close(done)
		// A command that has gone shows by its exit code.
		_, _ = stdin.Write(request)
		stdin.Close()
	}
	if len(request) <= certain {
		write()
	} else {
		go write()
	}
	return done
}
