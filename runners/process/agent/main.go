// Command agent links process alone and serves the harness.
package main

import (
	"os"

	"edgebench/runners/agent"
	"edgebench/runners/process"
)

func main() { os.Exit(agent.Main(process.Adopting(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
