//go:build !linux

package host

import (
	"context"
	"runtime"
)

// Check looks for properties of this machine that disturb or limit a measurement.
// It supports only Linux; on other systems one finding says so.
func Check(context.Context) []Finding {
	return []Finding{{
		Name: "system", State: Unknown, Value: runtime.GOOS,
		Meaning: "the doctor, the container runners and the memory figures support only Linux",
		Remedy:  "close other programs, plug the machine in, and measure containers on Linux",
	}}
}
