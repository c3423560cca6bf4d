//go:build cgo && linux && wasmedge

// Command agent links WasmEdge alone and serves the harness.
package main

import (
	"fmt"
	"os"

	"edgebench/runners/agent"
	"edgebench/runners/internal/nullstdio"
	"edgebench/runners/wasmedge"
)

func main() {
	in, out, err := nullstdio.Move()
	if err != nil {
		fmt.Fprintln(os.Stderr, "keep stdin and stdout from the guests:", err)
		os.Exit(2)
	}
	os.Exit(agent.Main(wasmedge.New(), os.Args[1:], in, out, os.Stderr))
}
