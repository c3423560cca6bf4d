// Package calibrate measures the harness itself: it puts in what is known and
// looks whether that is found. It goes the way of a run: the same agents, the
// same trials in fresh processes (bench/trial), the same statistics
// (bench/stat).
//
//	known    a guest (workloads/known) that takes a given time, does a given
//	         number of rounds, touches given bytes: put in, found, error
//	empty    the distributions of what is there when nothing is measured: two
//	         readings of the clock, a round trip of the agent's protocol, a
//	         request to which the answer is nothing
//	direct   the harness's figures beside those of a loop that is written
//	         against a runtime's library alone (runners.BaselineLoop)
//	aa       the same cells under two names, compared as two runs are: each
//	         difference that is found is a false alarm
//	caches   the second and the third compile, load and start of an artefact in
//	         one process beside the first
//
// # How a question is decided
//
// A question is asked in blocks. A block holds each of its sides, so that what
// drifts is on both: by turns in one process and in random order, since processes
// differ by more than there is to be found; where a side needs a process of its
// own, in trials side by side. It gives one value: a difference or a ratio. The
// estimate is the median of the blocks' values with the 95 % interval that
// bench/stat gives for it, which needs six of them. The answer is
//
//	pass        the whole interval lies within the tolerance
//	fail        the whole interval lies outside of it, after extra blocks up to
//	            a bound or the end of the time
//	undecided   neither, after as many;
//	            or it would be fail, and more than a quarter of the trials were
//	            disturbed by what else the machine did
//
// A block with a disturbed trial counts until there are enough without.
//
// Nothing passes for want of evidence.
//
// # Estimators
//
// What disturbs a time only ever adds to it: another process, the hypervisor, a
// page that is not there yet. Of the iterations in one process of a known time
// the least therefore stands for them. Between processes chance goes both
// ways (where code and heap come to lie), so of the blocks it is the median.
// A start of a process is a long way through the kernel, whose hundreds of times
// scatter by themselves: of these it is the lower quartile. Of spins whose answer
// comes from another process it is the time that a twentieth of them are below:
// the least of all has a wake-up that went well by chance, more or less so.
//
// A time is found as a difference of two that differ in nothing but the
// number in the request: what the rung itself costs is in both. Neither of them
// asks for no time at all, since an agent that has waited for long has its
// processor woken and its caches filled first, which is no part of the rung but
// of the waiting. The delay is
// chosen from the scatter of a pilot, so that it is some hundred times as long;
// where that takes too long (a container's start scatters by tens of
// milliseconds) it is cut, and the interval says what came of it.
//
// The guest waits by the clock and is busy meanwhile: to be held up in a wait
// does not make it longer, and no timer's slack is in it.
package calibrate
