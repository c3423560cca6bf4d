//go:build !linux

package limits

import "errors"

// Read gives nothing: only Linux tells.
func Read() []Limit { return nil }

// Mapped gives nothing: only Linux tells.
func Mapped() []Limit { return nil }

// Available is supported only on Linux.
func Available() (uint64, error) { return 0, errors.ErrUnsupported }
