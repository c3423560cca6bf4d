//go:build !linux

package listening

import (
	"errors"
	"net/netip"
)

// Inside needs Linux.
func Inside(int) ([]netip.AddrPort, error) { return nil, errors.ErrUnsupported }

// By needs Linux.
func By(int) ([]netip.AddrPort, error) { return nil, errors.ErrUnsupported }
