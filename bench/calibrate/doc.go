// Package calibrate tests the harness with known answers: it measures known
// quantities and checks the results. It uses the same agents, trials in fresh
// processes (bench/trial) and statistics (bench/stat) as a run.
//
//	known    a guest (workloads/known) that takes a given time, does a given
//	         number of rounds, touches given bytes: put in, found, error
//	empty    the distributions of empty measurements: two readings of the
//	         clock, a round trip of the agent's protocol, a request with an
//	         empty response
//	baseline the harness's figures beside those of a loop that uses only a
//	         runtime's library (runners.BaselineLoop)
//	aa       the same cells under two names, compared like two runs: each
//	         difference found is a false alarm, and all must be called the same
//	caches   the second and the third compile, load and start of an artefact in
//	         one process beside the first
//
// # How a question is decided
//
// A question is measured in blocks. Each block measures both sides, so that drift
// affects both. The sides alternate in random order within one process, since
// processes differ by more than the effect. If a side needs its own process, its
// trials are adjacent. A block gives one value: a difference or a ratio. The
// estimate is the median of the blocks' values with its 95 % interval from
// bench/stat, which needs six values. The answer is
//
//	pass        the interval lies within the tolerance
//	fail        the interval lies outside the tolerance, after extra blocks up
//	            to a bound or the end of the time
//	undecided   neither, after as many blocks;
//	            or fail, with more than a quarter of the trials disturbed by
//	            other activity of the machine
//
// A block with a disturbed trial counts until there are enough undisturbed
// blocks.
//
// Missing evidence never passes.
//
// # Estimators
//
// A disturbance (another process, the hypervisor, a page fault) only adds to a
// time. The estimate of a known time within one process is therefore the minimum
// of its iterations. Differences between processes (placement of code and heap)
// have both signs, so the estimate over blocks is the median. Starts of processes
// scatter by themselves, since much kernel code takes part: their estimate is the
// lower quartile. Spins whose answer comes from another process use the 5 %
// quantile, since their minimum depends on an unusually fast wake-up.
//
// A time is measured as the difference of two requests that differ only in the
// requested duration, so that the cost of the rung cancels. Both requests wait:
// after a long wait the processor must wake and its caches refill, and this cost
// must be on both sides. The delay is about a hundred times the scatter of a
// pilot. It is shortened if it would take too long (a container's start scatters
// by tens of milliseconds), which widens the interval.
//
// The guest waits in a busy loop that reads the clock. An interruption does not
// lengthen the wait, and timer slack does not affect it.
package calibrate
