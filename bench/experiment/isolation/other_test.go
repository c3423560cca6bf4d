//go:build !linux

package isolation

import "testing"

func needsLinux(t *testing.T) { t.Skip("processes and sockets are aimed at on Linux alone") }
