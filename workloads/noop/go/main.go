// Noop answers any request with an empty response. What it costs is the floor
// under every other workload.
package main

import "edgebench/workloads/guest"

func init() { guest.Handle(func(_, response []byte) []byte { return response }) }

func main() { guest.Main() }
