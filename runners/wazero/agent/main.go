// Command agent links wazero alone and serves the harness.
package main

import (
	"os"

	"edgebench/runners/agent"
	"edgebench/runners/wazero"
)

func main() { os.Exit(agent.Main(wazero.New(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
