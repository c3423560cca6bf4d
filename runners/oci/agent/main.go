// Command agent links oci alone and serves the harness.
package main

import (
	"os"

	"edgebench/runners/agent"
	"edgebench/runners/oci"
)

func main() { os.Exit(agent.Main(oci.New(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
