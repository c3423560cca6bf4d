// Package workerd adapts workerd, the open-source runtime of Cloudflare Workers: a
// program that runs workers in V8 and takes requests over HTTP. Here it listens at the
// loopback interface.
//
// # Modes
//
//	process  a process for each instance, started with a configuration that contains the worker
//	isolate  an isolate for each instance in one running process, made by the worker loader, as a CDN does
//
// # Artefacts
//
// A module is wrapped in a worker of ours (worker/reactor.js), which copies the body of a
// request into the guest's memory and the response out of it. A module with _start runs
// in worker/command.js. A program in JavaScript (runners.Script) is a worker already: its
// default export has the method fetch. Such a program is what people run at the edge
// without WebAssembly.
//
// WASI preview 1 is a script (worker/host.js) that only modules with imports get. The
// clocks of a worker stand still while it computes. A guest that sleeps does not wait.
//
// # Policies
//
// Of a policy (runners.Policy) a module gets the variables and the files of the first
// folder that may be read only, as they are when the worker is prepared; a program in
// JavaScript gets nothing of it. The network has no address. Nothing ends a guest that
// computes, hardened or not, but the end of its process: a call to an isolate is waited
// for under a policy, and an instance of the mode process can be stopped.
//
// # What is done where
//
//	             process                                   isolate
//	Boot         nothing                                   start workerd with a dispatcher, wait until it answers
//	Prepare      check, write the worker, compile the      check; the node keeps the artefact itself
//	             configuration to Cap'n Proto's binary form
//	Load         find the file                             read, send the worker's modules to the dispatcher
//	Instantiate  start workerd                             make the isolate and the instance in it
//	Call         POST                                      POST, which the dispatcher forwards to the isolate
//
// The runner listens before it starts workerd and hands over the socket
// (--socket-fd), so that nothing polls: the first request waits in the socket's queue.
// Instantiate of process does not wait for workerd. Its instance is made by the first
// request, since a worker has neither time nor random numbers before. Instantiate of
// isolate is one request of its own, about 0.3 ms; a CDN makes the isolate with the first
// request of its client and saves that.
//
// The pooled rung of process is a workerd that has answered a ping and waits. That of
// isolate makes an isolate from modules that the dispatcher has in memory.
//
// # Hidden caches
//
//   - workerd's registry of modules and V8's cache of scripts belong to an isolate. A new
//     isolate compiles all of its modules.
//   - The worker loader keeps isolates by name. Each instance has a name of its own, and
//     Close ends the isolate (abortIsolate), which leaves the registry with it.
//   - V8 keeps the code of modules with the same bytes for a process while an isolate holds
//     it. Instances that live at the same time share it, as in other runtimes; it saves
//     0.3 ms of 4.8 for rewrite, since V8 compiles a function when it is first called. On
//     the rungs deploy, boot and cold each iteration has a process of its own, and on
//     pooled one isolate lives at a time, so that no iteration meets the code of another.
//   - workerd brings a cache of compiled code for its own scripts, which V8's flags
//     invalidate. So this package sets no flags.
//
// # Limits
//
// V8's heaps share 4 GiB of a process, of which an isolate takes 2.1 MiB. workerd ends at
// about 1,940 isolates ("JavaScript heap out of memory"), so Instantiate refuses to make
// more than 1,900 (ErrFull). The open-source workerd limits neither the memory nor the time
// of a worker. Options.Memory bounds a module's linear memory by its declared maximum
// (package limit); for a program in JavaScript it is refused.
//
// One thread serves all isolates of a process. The modules of an isolate have at most
// 64 MiB together. Of a Use (runners.Use) guests get the limit of memory alone; another
// one is refused.
//
// # Settings that are left out
//
//   - The textual configuration, which `workerd serve` also takes: parsing it adds 2 ms.
//   - V8's flags, among them those of its compilers: see Hidden caches. The compilers are
//     V8's default, Liftoff at a function's first call and TurboFan for hot ones.
//   - Unix sockets and HTTPS: a CDN's machine has a proxy in front of workerd.
//   - Durable Objects, Python, the inspector: other programs than these workloads.
//
// # Installation
//
// workerd is a program of npm's package @cloudflare/workerd-linux-64. The runner takes the
// one in PATH, or else the one that scripts/setup-debian.sh installs in a folder of its
// own. Its version is the day of its release.
package workerd
