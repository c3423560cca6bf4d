//go:build !linux

package host

import (
	"context"
	"runtime"
)

// Check looks for what on this machine disturbs or limits a measurement. Its
// checks are those of Linux; elsewhere it says so in one finding.
func Check(context.Context) []Finding {
	return []Finding{{
		Name: "system", State: Unknown, Value: runtime.GOOS,
		Meaning: "the doctor knows Linux alone, and so do the container runners and the memory figures",
		Mend:    "close other programs, plug the machine in, and measure containers on Linux",
	}}
}
