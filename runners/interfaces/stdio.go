package interfaces

import (
	"context"
	"errors"
	"fmt"
	"io"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// certain is how many bytes an empty pipe accepts without blocking on every
// system (PIPE_BUF).
const certain = 4096

// Exchange gives a command its request, closes its stdin, and appends its stdout
// to dst until the command closes it. The caller must check the exit code, which
// alone shows success.
//
// A command that ends before it has read all of its request is not an error
// here. After an error (ErrTooLarge, or a read error) the caller ends the
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

// send writes the request and closes stdin. It does so concurrently with reading
// if the request may exceed the pipe's capacity: a command may answer while it
// reads.
func send(stdin io.WriteCloser, request []byte) (written <-chan struct{}) {
	done := make(chan struct{})
	write := func() {
		defer close(done)
		// The exit code shows a command that has ended early.
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

// Unanswered says what a command was doing when its context ended.
func Unanswered(ctx context.Context, request, written []byte) string {
	return fmt.Sprintf("%v: it was given %d bytes and the end of stdin, wrote %d bytes and did not end", context.Cause(ctx), len(request), len(written))
}
