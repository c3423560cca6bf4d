//go:build !cgo

// Command agent links wasmtime alone and serves the harness.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "wasmtime's agent was built without cgo: install a C compiler and build it with CGO_ENABLED=1")
	os.Exit(2)
}
