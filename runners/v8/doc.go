// Package v8 adapts V8, the engine of Chrome, Node.js and of CDNs' workers, as
// github.com/tommie/v8go brings it: a static library for linux/amd64.
//
// # Modes
//
//	isolate                an isolate for each instance, as CDN platforms have for each worker
//	isolate-cached         the same; Prepare compiles with TurboFan and stores the code, Load brings it back
//	isolate-interruptible  the same as isolate; a call ends with its context
//	isolate-liftoff        an isolate for each; Load compiles all functions with Liftoff, the baseline compiler
//	isolate-turbofan       the same; Load compiles all functions with TurboFan, the optimising compiler
//	context                a context for each instance, all in one isolate
//	instance               all instances in one context of one isolate
//
// Where nothing else is said the compilers are V8's default: Load validates the
// module and compiles nothing. A function is compiled with Liftoff when it is first
// called, and with TurboFan on another thread when it has run often. So a first call
// contains compilation, and the code of a hot call depends on what was called before:
// rewrite takes 6 µs until it has been called for some milliseconds of a core, and 3
// afterwards.
//
// Which of the two made the code that answered is asked of V8 after a trial (Tier), by
// its functions for its own tests: %IsLiftoffFunction and %IsTurboFanFunction.
//
// The compilers are flags of a process. The harness has a process for each trial;
// two runtimes of one process live at a time only if their flags agree.
//
// # What is done where
//
//	Boot         start V8 and its worker threads (once in a process); an isolate with a context, to compile in
//	Prepare      read and check the module; in isolate-cached compile, serialise, write
//	Load         read, declare the memory's maximum, compile; or read, bring the code back
//	Instantiate  isolate and context of its own, as the mode has them; instance, exports, _initialize
//	Call         alloc, copy in, handle, copy out
//
// Each step is one crossing from Go to C++. Isolates share the module's code
// (v8::CompiledWasmModule), so that Instantiate compiles nothing. A request is copied
// straight into the guest's memory and the response straight out of it; no string and
// no array of JavaScript is made. Instances of one isolate are called one at a time:
// the others wait for its lock (v8::Locker).
//
// Close of an instance that shares its isolate leaves garbage, which V8 collects
// when it has grown, within a later Instantiate or Call. Close of the Loaded collects.
//
// # Hidden caches
//
// V8 keeps native modules of the same bytes for a process, as long as one isolate
// refers to them, also from its garbage. A second Load finds the first one's code:
// it takes 0.1 ms where the first takes 3. Close of a Loaded therefore collects
// garbage, and Close of the runtime ends its isolate, so that iterations of a trial
// do not meet. Within one runtime Prepare and Load do: on the rung deploy of
// isolate-cached, Load finds what Prepare has just compiled. TestHiddenCache shows
// both. The cache of JavaScript (the script below) belongs to an isolate.
//
// # Why C++
//
// v8go's Go API converts each argument and result to an object behind a map and
// has no memory of a module, no shared code and no serialisation. It also makes a
// second context for each isolate. This package links the library of v8go without
// that API. A cgo directive cannot name a folder of another module, so a plain go
// build does not find V8's headers: api.h declares what shim.cc uses. The linker
// compares names and parameters, and a test the rest with the headers.
//
// V8's library needs symbols of glibc 2.38, which isoc23.c supplies on older ones.
//
// # Memory protection keys
//
// Where the processor has them, V8 protects its code with them, and a thread that is
// older than V8's key ends the process at the first read. Go's runtime has such threads,
// so keys.c gives V8 none, as if the processor had none.
//
// # WASI
//
// A module without imports gets none. For others a script (host.js) makes functions
// that put their arguments into a buffer and call one function in C++. That function
// carries out WASI preview 1 on the guest's memory (wasi.c): arguments, clocks, random
// numbers, sleep, exit, the three streams, and reading the files of one folder, "/".
// Everything else gives ENOSYS. The output of an artefact that is no command is
// dropped. Of a policy (runners.Policy) guests get the folder that may be read, and
// nothing else; under a hardened one calls end with their context.
//
// A command's stdin is the request in memory, and its stdout a buffer. A write past
// the bound of the output fails, as on a full disk.
//
// # Limits
//
// V8 reserves the declared maximum of each memory in its sandbox of 1 TiB. With the
// 4 GiB of a module that declares none, the sandbox is full after some 250 instances.
// So a module's memory gets a maximum (package limit): Options.Memory, or else
// 128 MiB, for which there is room some 8,100 times. When the sandbox is full, V8
// collects garbage at each further instance, which takes more than a second, and
// then reserves less.
//
// A process holds about 2,040 isolates, whose heaps share 4 GiB. V8 ends the process
// at the next one, so this package refuses it before. It also ends the process when
// the JavaScript heap of an isolate is full. The agent's end is a failure of its trial
// alone.
//
// V8's code asks in each loop and each function whether it is to end
// (v8::Isolate::TerminateExecution), in all modes. What isolate-interruptible adds is
// a watch of each call's context. In other modes a guest in an endless loop is not
// stopped.
//
// # Settings that are left out
//
//   - The trap handler, which lets guests do without bounds checks: it needs V8's
//     handler of SIGSEGV, which Go's runtime replaces; processes crash.
//   - Code that V8 stores while a guest runs (as Chrome does when enough functions are
//     hot): what it contains depends on what ran before. Liftoff's code is not
//     stored in any case.
//   - A start-up snapshot of an isolate: the library contains V8's own, which gives
//     contexts in 0.2 ms; a snapshot cannot contain instances of modules.
//   - --single-threaded, --lite-mode and --jitless: they save memory and threads and
//     cost time. --wasm-jitless, an interpreter, is not in the library.
package v8
