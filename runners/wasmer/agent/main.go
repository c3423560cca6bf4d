//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

// Command agent links wasmer alone and serves the harness.
package main

import (
	"fmt"
	"os"

	"edgebench/runners/agent"
	"edgebench/runners/internal/nullstdio"
	"edgebench/runners/wasmer"
)

func main() {
	in, out, err := nullstdio.Move()
	if err != nil {
		fmt.Fprintln(os.Stderr, "keep stdin and stdout from the guests:", err)
		os.Exit(2)
	}
	os.Exit(agent.Main(wasmer.New(), os.Args[1:], in, out, os.Stderr))
}
