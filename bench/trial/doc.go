// Package trial runs one trial. It starts a fresh agent, runs the experiment
// under a deadline, reads the node's memory if the experiment asks for it, ends
// the agent, cleans up after a crashed agent, and returns the record.
//
// A trial never fails the run. Each failure (a wrong response, a trap, a crash, a
// deadline, an unreachable engine) becomes the record's outcome with a reason.
// This package computes no statistics.
package trial
