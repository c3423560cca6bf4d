// Command agent links V8 alone and serves the harness.
package main

import (
	"os"

	"edgebench/runners/agent"
	v8 "edgebench/runners/v8"
)

func main() { os.Exit(agent.Main(v8.New(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
