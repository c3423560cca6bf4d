// Command agent links docker alone and serves the harness.
package main

import (
	"os"

	"edgebench/runners/agent"
	"edgebench/runners/docker"
)

func main() { os.Exit(agent.Main(docker.New(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
