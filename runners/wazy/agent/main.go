// Command agent links wazy alone and serves the harness.
package main

import (
	"os"

	"edgebench/runners/agent"
	"edgebench/runners/wazy"
)

func main() { os.Exit(agent.Main(wazy.New(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
