//go:build cgo

package wasmtime

import "strings"

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
