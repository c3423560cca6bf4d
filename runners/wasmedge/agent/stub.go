//go:build !cgo || !linux || !wasmedge

// Command agent links WasmEdge alone and serves the harness.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "WasmEdge's agent was built without its library: benchrun builds it with the tag wasmedge where it finds libwasmedge, which scripts/setup-debian.sh installs")
	os.Exit(2)
}
