package runners

import (
	"errors"
	"fmt"
)

// Errors that a caller distinguishes with errors.Is. Runners wrap them with the
// operation that failed and its object.
var (
	// ErrTrap: the guest stopped itself (trap, abort, exit, crash).
	ErrTrap = errors.New("the guest trapped")
	// ErrWrongResponse: the guest answered, but not with the right bytes.
	ErrWrongResponse = errors.New("wrong response")
	// ErrTooLarge: a message or an artefact is larger than its bound.
	ErrTooLarge = errors.New("too large")
	// ErrMalformed: the artefact is invalid or differs from what is expected.
	ErrMalformed = errors.New("malformed artefact")
	// ErrUnavailable: this system or mode cannot be used on this machine or for
	// this artefact.
	ErrUnavailable = errors.New("unavailable")
	// ErrInterface is an ErrUnavailable: this mode has no way to give an artefact of
	// this interface its requests.
	ErrInterface = fmt.Errorf("the interface is %w", ErrUnavailable)
	// ErrFull: the runtime itself has no room for a further instance in this process.
	ErrFull = errors.New("no room for a further instance")
	// ErrClosed: the instance has been closed or has trapped before.
	ErrClosed = errors.New("closed")
)
