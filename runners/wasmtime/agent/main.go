//go:build cgo

// Command agent links wasmtime alone and serves the harness.
package main

import (
	"os"

	"edgebench/runners/agent"
	"edgebench/runners/wasmtime"
)

func main() {
	os.Exit(agent.Main(wasmtime.New(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
