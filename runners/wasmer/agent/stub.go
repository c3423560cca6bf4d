//go:build !cgo || custom_wasmer_runtime || !((linux && amd64) || (darwin && (amd64 || arm64)))

// Command agent links wasmer alone and serves the harness.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "wasmer's agent was built without its library, which wasmer-go has for linux/amd64 and macOS: install a C compiler and build it with CGO_ENABLED=1")
	os.Exit(2)
}
