// Package runners is the contract between the harness and the systems that it
// measures: WebAssembly runtimes, processes and containers.
//
// # The contract
//
// A Runner is the adapter to one system. Its states are nested, and each rung
// of the cold-start ladder is a path through them:
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
// If a system cannot keep a state on disk (a runtime without serialised code),
// Load does that work again, and the cold rung includes it. If a system has no
// loaded state (a container engine), Instantiate does that work, and Load only
// checks that the prepared artefact exists.
//
// A Prepared is plain data, since the boot rung hands it to another process.
//
// # Duties of a runner
//
//   - No state is shared between two Runtimes of one process that would make
//     the second Load or Prepare of an artefact cheaper than the first.
//   - Instances of one Loaded are isolated from each other. They may be called
//     from different goroutines, each instance by one goroutine at a time.
//   - Prepare, Load, Instantiate, Resume and Call allocate only what the work
//     needs: they do not log, and they format only errors.
//   - All outside input (module, image, lengths and addresses that a guest
//     returns) is checked; invalid input is an error, never a panic.
//   - Close is safe to call twice and on a value whose guest has trapped. It
//     leaves nothing behind. After a crash Sweep does the same for a scope.
//   - A guest that traps makes its Instance unusable and nothing else.
//
// # Processes
//
// Each runner is linked into an agent of its own (runners/NAME/agent), which
// is started afresh for each trial. It communicates with the harness by the
// protocol of package runners/protocol. A package imports at most one runtime.
package runners
