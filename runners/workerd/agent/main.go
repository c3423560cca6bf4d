// Command agent runs workerd alone and serves the harness.
package main

import (
	"os"

	"edgebench/runners/agent"
	"edgebench/runners/workerd"
)

func main() { os.Exit(agent.Main(workerd.New(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
