// Command early is a workload that never connects. The linker sets the way in which
// it fails.
package main

import (
	"fmt"
	"os"
	"time"
)

var how string

func main() {
	switch how {
	case "complains":
		fmt.Fprintln(os.Stderr, "early: no licence found\nearly: giving up")
		os.Exit(7)
	case "takes memory":
		var kept [][]byte
		for {
			b := make([]byte, 1<<20)
			for i := range b {
				b[i] = 1
			}
			kept = append(kept, b)
			if len(kept) > 1<<20 {
				return
			}
		}
	case "idles":
		time.Sleep(time.Hour)
	}
}
