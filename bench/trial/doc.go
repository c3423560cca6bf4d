// Package trial runs one trial: it starts a fresh agent, lets it do what the
// plan says under a deadline, looks at the node's memory where that is asked
// for, ends the agent, cleans up after one that died, and gives the record.
//
// A trial never fails the run. Whatever goes wrong (a wrong response, a trap,
// a crash, a deadline, an engine that is gone) is the record's outcome and its
// reason. No statistics are made here.
package trial
