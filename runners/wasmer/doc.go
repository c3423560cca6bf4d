// Package wasmer adapts Wasmer 2.0, the library inside wasmer-go, through a few
// C functions of this package.
//
// # Modes
//
//	cranelift               nothing is kept on disk: Load reads and compiles
//	singlepass              the same with a compiler that makes one pass and worse code
//	cranelift-aot           Prepare compiles and serialises, Load brings the code back
//	singlepass-aot          the same with Singlepass
//	cranelift-aot-metering  as cranelift-aot, with guests that are stopped when they have used their points
//	cranelift-aot-goapi     as cranelift-aot, in wasmer-go's own calls alone
//
// In cranelift-aot-metering the library's middleware counts a point for each
// instruction, in a global variable of the guest. Each call gets the same number of
// points. The library has no way to stop a guest at a deadline.
//
// The engine is "universal" in all modes: code lives in memory, also where it
// came from a file. Compilers have the library's default settings (Cranelift
// optimises for speed).
//
// # What is done where
//
//	Boot         starts the threads of the compiler, where Load will compile
//	Prepare      read, check the module, compile, serialise, write (without -aot: the first two)
//	Load         read and compile; or read, bring back; check the exports
//	Instantiate  WASI state and imports, instance, exports, then _initialize, in one crossing
//	Call         alloc, copy in, handle, copy out
//
// The library compiles on a pool of threads, one for each core. Its first
// compilation in a process starts them in half a millisecond, and they stay. Boot
// compiles an empty module, so that the first Load is not slower than later ones. In
// the aot modes Boot and Load compile nothing, so the first Prepare of a process
// starts the threads.
//
// # Verification
//
// The library does not check serialised code: with a truncated file it reads past
// the end of the buffer, and an altered file runs. Package codefile describes how
// stored code is checked: by its hash outside the timed region, as for every
// runtime, and by one stat within it.
//
// # Engine, store and instances
//
// Each Load makes an engine with one store. An engine of Wasmer 2.0 does not free
// the code of a module before the engine itself is freed, so an engine that served
// several loads would grow with each. Making one takes a few microseconds. Engines of
// their own also make two loads independent, including the lock that an engine holds
// while it compiles.
//
// A store of this version only refers to the engine and its settings. It isolates
// nothing, so a store for each instance would have no benefit. Instances are
// isolated, since each has a memory, globals, tables and a WASI state of its own.
// Modules, stores and engines are counted references behind locks. Instances may be
// made and called on any thread, each by one thread at a time. No value has a
// finalizer: Close frees it at once, in C.
//
// # Why C
//
// This package uses wasmer-go for its library and not for its Go API. That API takes
// each argument through an interface, and makes and deletes two vectors for each
// call. It copies a module as text and as binary before it compiles. For each
// instance with WASI it copies all of WASI's functions into maps.
//
// With one crossing into C for each step, a ping takes 0.6 µs instead of 2.0 and a
// request 1.0 instead of 4.1. Nearly all of that is wasm_func_call, the only call
// that the library has. Instances with WASI take a quarter of the time: see
// BenchmarkBaseline. The Go API also leaks the list of imports of each instance, a
// few kilobytes with WASI. Its exports do not keep their instance alive, so a call
// after the instance's finalizer has run crashes the process.
//
// A cgo directive cannot name a folder of another module, so a plain go build does
// not find the headers of wasmer-go. Instead capi.h declares what shim.c uses;
// package capi declares what wasmtime uses too. A test compiles these declarations
// against the headers of the linked module. The import of wasmer-go links the
// library; the program contains its path in the module cache. A user's own library is
// linked by its folder, which comes before that one. With the build tag
// custom_wasmer_runtime wasmer-go links a library of another version, whose calls
// differ. The runner is then unavailable, as it is without cgo.
//
// The mode cranelift-aot-goapi shows what all of this is worth: it compiles, loads,
// instantiates and calls as a Go program would. It takes no commands. A guest with
// WASI reads this process's stdin there, which Load therefore wants to be empty.
//
// # Settings that are left out
//
//   - The engine "dylib", which links stored code with the system's linker: it needs a
//     compiler on the machine at run time.
//   - LLVM, which the library of wasmer-go does not contain.
//   - Features beyond the library's default (SIMD is on) and other targets.
//
// # WASI
//
// Imports come from the library's own WASI, without arguments and environment. A
// guest's output is kept in memory until its instance is closed. The library cannot
// close the standard input, which is this process's, so fd_read and fd_pread are
// replaced by a function that returns EBADF. The library does not have sock_accept.
//
// An artefact's folder is opened as "/". Its guests need the library's fd_read and
// so could read this process's stdin. The agent therefore moves the harness's pipe to
// another descriptor and puts the null device there; otherwise Load refuses such an
// artefact. The library cannot open a folder read-only: a guest may change it.
// A policy (runners.Policy) gives its folders and variables in the same way, in all modes
// but cranelift-aot-goapi; a hardened one meters.
//
// # Commands
//
// The library's only stdin is this process's, buffered for all instances together,
// and it keeps stdout without a bound. So a command gets an fd_read and an fd_write
// of this package (stdio.c), which support the three standard descriptors and copy
// bytes between the guest's memory and buffers in C. They cannot pass on other
// descriptors, since the library's functions find a guest's memory only if the guest
// itself imports them. A command that needs files is refused. A write past the bound
// of the output fails, as on a full disk; the deadline ends a guest that ignores the
// error.
//
// # Memory limit
//
// The C API of this version has no limiter. With Options.Memory the module's
// memory section is rewritten before it is compiled (package limit), so that
// its maximum is at most the limit. This changes no machine code, since every
// memory is reserved in full. The limit is part of stored code and of its file's
// name, and Load refuses code that was made for another limit.
//
// # Known limitations of the library
//
// Each instance reserves 6 GiB of addresses (4 GiB and a guard), so a process holds
// about 21,840 instances; the next Instantiate is an error. A closed instance leaves
// 100 bytes behind. The engine also keeps an entry of about 100 bytes for each
// function of each instance, until the Loaded is closed. Only instances at the same
// address share entries. 1,000 live instances of a Go program leave 180 MB until
// then, 5,000 in sequence 3 MB.
//
// The library handles SIGSEGV, SIGILL and SIGFPE and passes on signals that are not a
// guest's, so that faults of Go remain panics. Traps are errors, also that of an
// exhausted stack, for which it walks over all frames (0.2 s with Cranelift). The
// process crashes in two cases, which an agent for each trial contains:
//   - the stack ends inside the library, when a guest calls WASI or grows its memory
//     at the bottom of a deep recursion;
//   - a guest uses a part of WASI that is not implemented: proc_raise, sockets, and
//     waiting by the monotonic clock, as time.Sleep in a Go guest does.
//
// A guest in an endless loop cannot be stopped, except by metering.
//
// The compiler's threads take their work from crossbeam-deque 0.8.0, which can
// lose a task or give it out twice (RUSTSEC-2021-0093): a compilation may then
// crash or wait for ever. 6,700 processes that each compiled once showed neither. A
// trial of the deploy rung once waited until its deadline, on a machine with a sixth
// of steal time. Loading stored code does not compile and is not affected. A single
// agent that loaded stored code once did not answer until its deadline. 90,000 such
// loads on a busy machine did not reproduce it, and its cause is unknown.
package wasmer
