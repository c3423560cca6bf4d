// Command benchrun measures the same verified work in WebAssembly runtimes,
// containers and processes, and reports it.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
