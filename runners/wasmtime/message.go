//go:build cgo

package wasmtime

import (
	"fmt"
	"strings"

	"edgebench/runners"
)

// oneLine reduces a message of the library to what happened and why. The
// library writes
//
//	what failed
//	    0: 0x83 - module!function
//
//	Caused by:
//	    0: the next reason
//	    1: the last reason
//
// where a lone reason has no number, and what failed is of no interest when it
// is the execution of the guest, which is what all traps have in common.
func oneLine(message string) string {
	what, causes, found := strings.Cut(message, "\nCaused by:\n")
	what, _, _ = strings.Cut(strings.TrimSpace(what), "\n")
	if !found {
		return what
	}
	causes, _, _ = strings.Cut(strings.TrimSpace(causes), "\n\n")
	last := strings.TrimSpace(causes[strings.LastIndexByte(causes, '\n')+1:])
	if number, reason, ok := strings.Cut(last, ": "); ok && strings.Trim(number, "0123456789") == "" {
		last = reason
	}
	if strings.HasPrefix(what, "error while executing") {
		return last
	}
	return what + ": " + last
}

// notInstantiated makes an error of the message of a failed instantiation: a start
// function or a segment may have trapped, or the module has a shared memory, which the
// library compiles and does not make.
func notInstantiated(message string) error {
	switch {
	case strings.Contains(message, "wasm trap"):
		return fmt.Errorf("instantiate: %w: %s", runners.ErrTrap, message)
	case strings.Contains(message, "shared memory"), strings.Contains(message, "shared memories"):
		return fmt.Errorf("instantiate: the module needs %s, which this mode does not support: %w: %s", runners.Threads, runners.ErrUnavailable, message)
	}
	return fmt.Errorf("instantiate: %s", message)
}
