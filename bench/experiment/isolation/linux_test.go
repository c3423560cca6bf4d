//go:build linux

package isolation

import "testing"

func needsLinux(*testing.T) {}
