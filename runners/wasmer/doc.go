// Package wasmer adapts Wasmer 2.0, the library inside wasmer-go, through a few
// C functions of our own.
//
// # Modes
//
//	cranelift       nothing is kept on disk: Load reads and compiles
//	singlepass      the same with a compiler that makes one pass and worse code
//	cranelift-aot   Prepare compiles and serialises, Load brings the code back
//	singlepass-aot  the same with Singlepass
//
// The engine is "universal" in all modes: code lives in memory, also where it
// came from a file. Compilers have the library's default settings (Cranelift
// optimises for speed).
//
// # What is done where
//
//	Boot         starts the threads of the compiler, where Load will compile
//	Prepare      read, look whether it fits, compile, serialise, write (without -aot: the first two)
//	Load         read and compile; or read, bring back; check the exports
//	Instantiate  WASI state and imports, instance, exports, then _initialize, in one crossing
//	Call         alloc, copy in, handle, copy out
//
// The library compiles on a pool of threads, one for each core, which its first
// compilation in a process starts in half a millisecond and which stays. Boot
// has it compile an empty module, so that no Load is dearer for being the first.
// The aot modes do without: their Boot and Load compile nothing, and the first
// Prepare of a process pays.
//
// # Verification
//
// The library believes whatever serialised code it is given: a truncated file
// makes it read past the end of the buffer, an altered one runs. Package
// codefile says how stored code is checked by its hash, outside the timed
// region as for every runtime, and with one stat within it.
//
// # Engine, store and instances
//
// Each Load makes an engine with one store. An engine of Wasmer 2.0 never gives
// back the code of a module before the engine itself goes, so one that served
// several loads would grow with each; making one costs some microseconds. It
// also makes two loads independent of each other, down to the lock that the
// engine holds while it compiles. A store of this version is no more than
// references to the engine and its settings: it isolates nothing, and one for
// each instance would cost without giving anything. What isolates instances is
// that each has a memory, globals, tables and a WASI state of its own. Modules,
// stores and engines are counted references behind locks; instances may be made
// and called on any thread, each by one at a time. None of our values has a
// finalizer: Close lets go at once, in C.
//
// # Why C
//
// The Go API of wasmer-go is left aside for its library alone. It takes each
// argument through an interface and makes and deletes two vectors for each
// call; it copies a module as text and as binary before compiling; for each
// instance with WASI it copies all of WASI's functions into maps. With one
// crossing into C for each step, calls take a quarter to a third of its time
// (0.6 µs instead of 2.0 for a ping, 1.0 instead of 4.1 for a request, nearly
// all of it in wasm_func_call, the only call that the library has), instances
// with WASI a quarter: see BenchmarkBaseline. The Go API also loses the list of
// imports of each instance, some kilobytes with WASI; and its exports do not
// keep their instance alive, so that a call after the instance's finalizer has
// run crashes the process.
//
// A cgo directive cannot name a folder of another module, so the headers of
// wasmer-go are out of reach of a plain go build. capi.h declares what shim.c
// uses, beside what package capi declares for wasmtime as well, and a test
// compiles it all against the headers of the module that is linked. Importing wasmer-go links the library; its path in the module cache
// is written into the program. With the build tag custom_wasmer_runtime
// wasmer-go links a library of another version, whose calls differ: the runner
// is then unavailable, as it is without cgo.
//
// # WASI
//
// Imports come from the library's own WASI: no arguments, no environment. What
// a guest prints is kept in memory until its instance is closed. The library has
// no way of closing the standard input, which is this process's, so fd_read and
// fd_pread are replaced by a function that answers EBADF. sock_accept it lacks.
//
// An artefact's folder is opened as "/". Its guests need the library's fd_read,
// and with it get this process's stdin: the agent has moved the harness's pipe
// elsewhere and put the null device there, without which Load refuses them. The
// library cannot open a folder to be read only: a guest may change it.
//
// # Commands
//
// The library has a stdin in no other place than this process's, buffered for
// all instances together, and keeps stdout without a bound. So a command gets
// an fd_read and an fd_write of ours (stdio.c), which know the three standard
// descriptors and move bytes between the guest's memory and ours. They cannot
// hand on other descriptors, because the library's functions find a guest's
// memory only when the guest itself imports them: a command that is to read
// files is refused. Output that becomes too long fails with an error, as on a
// full disk; a guest that writes on regardless is ended by the deadline.
//
// # Memory limit
//
// The C API of this version has no limiter. With Options.Memory the module's
// memory section is rewritten before it is compiled (package limit), so that
// its maximum is at most the limit; this changes no machine code, since every
// memory is reserved in full. The limit is part of stored code. Its
// file's name tells it, and Load refuses code that was made for another limit.
//
// # What the library does not do well
//
// Each instance reserves 6 GiB of addresses (4 GiB and a guard), so that a
// process holds some 21,840 of them; the next Instantiate is an error. A closed
// instance leaves 100 bytes behind. More stays with a module of many functions:
// the engine keeps an entry of some 100 bytes for each function of each
// instance, shared only by instances that come to lie at the same address. It
// goes with the Loaded. 1,000 live instances of a Go program leave 180 MB until
// then, 5,000 one after the other 3 MB.
//
// The library takes over SIGSEGV, SIGILL and SIGFPE and hands on what is not a
// guest's, so that faults of Go remain panics. Traps are errors, also that of an
// exhausted stack, for which it walks over all frames (0.2 s with Cranelift).
// But where the stack ends inside the library, because a guest calls WASI or
// grows its memory at the bottom of a deep recursion, the process crashes. It
// also does where WASI is not implemented: proc_raise, sockets, and waiting by
// the monotonic clock, which is what time.Sleep in a guest of Go comes to. An
// agent of its own for each trial contains that. A guest that spins cannot be
// stopped.
//
// The compiler's threads take their work from crossbeam-deque 0.8.0, which can
// lose a task or give it out twice (RUSTSEC-2021-0093): a compilation may then
// crash or wait for ever. 6,700 processes that each compiled once showed
// neither; a trial of the deploy rung has once waited until its deadline, on a
// machine whose hypervisor took a sixth of the time. Loading stored code
// compiles nothing and is out of its reach. A single agent that loaded stored
// code has been seen not to answer until its deadline; 90,000 such loads on a
// busy machine have not shown it again, and its cause is unknown.
package wasmer
