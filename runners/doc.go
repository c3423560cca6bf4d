// Package runners is the contract between the harness and the systems that it
// measures: WebAssembly runtimes, processes and containers.
//
// # The contract
//
// A Runner is our adapter to one system. Its states are nested, and the rungs
// of the cold-start ladder are ways through them:
//
//	Runner   --Boot-->         Runtime    the system runs, knows no workload
//	Runtime  --Prepare-->      Prepared   the artefact is ready on disk (data)
//	Runtime  --Load-->         Loaded     in memory, nothing serves yet
//	Loaded   --Instantiate-->  Instance   alone in its sandbox, can be called
//	Loaded   --Park-->         Parked     alive, has served no one, costs no CPU
//	Parked   --Resume-->       Instance
//	Instance --Call-->         response
//
//	rung     timed
//	deploy   Prepare, Load, Instantiate, Call
//	boot     start of the agent's process, Boot, Load, Instantiate, Call
//	cold     Load, Instantiate, Call
//	pooled   Instantiate, Call; or Resume, Call where Loaded is a Parker
//	hot      Call
//
// What a system cannot keep on disk (a runtime without serialised code) is
// done again by Load and so is paid on the cold rung. What a system cannot
// keep loaded (a container engine has no loaded state) is done by Instantiate,
// and Load only finds out that the prepared artefact is there.
//
// A Prepared is plain data, since the boot rung hands it to another process.
//
// # Duties of a runner
//
//   - No state is shared between two Runtimes of one process that would make
//     the second Load or Prepare of an artefact cheaper than the first.
//   - Instances of one Loaded are isolated from each other. They may be called
//     from different goroutines, each of them by one at a time.
//   - Prepare, Load, Instantiate, Resume and Call allocate what they need for
//     the work and nothing for us: no logging, no formatting on the good path.
//   - Everything from outside (module, image, lengths and addresses that a
//     guest returns) is checked; a bad one is an error, never a panic.
//   - Close is safe to call twice and on a value whose guest has trapped. It
//     leaves nothing behind. After a crash Sweep does the same for a scope.
//   - A guest that traps makes its Instance unusable and nothing else.
//
// # Processes
//
// Each runner is linked into an agent of its own (runners/NAME/agent), which
// is started afresh for each trial and speaks the protocol of package
// runners/agent with the harness. A package imports at most one runtime.
package runners
