package runners

import "errors"

// Errors that a caller tells apart with errors.Is. Runners wrap them with what
// was being done to what.
var (
	// ErrTrap: the guest stopped itself (trap, abort, exit, crash).
	ErrTrap = errors.New("the guest trapped")
	// ErrWrongResponse: the guest answered, but not with the right bytes.
	ErrWrongResponse = errors.New("wrong response")
	// ErrTooLarge: a message or an artefact is larger than its bound.
	ErrTooLarge = errors.New("too large")
	// ErrMalformed: the artefact is not what it should be.
	ErrMalformed = errors.New("malformed artefact")
	// ErrUnavailable: this system or mode cannot be used here, or not for this
	// artefact.
	ErrUnavailable = errors.New("unavailable")
	// ErrClosed: the instance has been closed or has trapped before.
	ErrClosed = errors.New("closed")
)
