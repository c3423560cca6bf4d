// Package plan turns a configuration and what this machine offers into the
// list of trials of a run.
//
// The order is fixed before the first trial: a block is one shuffled pass over
// all cells that take part in it, so that drift of the machine affects all cells
// alike (random interleaving). The same configuration, machine and seed give the
// same plan. The package reads no clock and measures nothing.
package plan
