//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

// Command agent links wasmer alone and serves the harness.
package main

import (
	"os"

	"edgebench/runners/agent"
	"edgebench/runners/wasmer"
)

func main() { os.Exit(agent.Main(wasmer.New(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
