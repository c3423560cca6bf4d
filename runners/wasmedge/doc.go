// Package wasmedge adapts WasmEdge 0.14, the runtime in C++, through a few C functions
// of this package.
//
// # Modes
//
//	interpreter  Load parses and validates, nothing is compiled: the library's default
//	aot          Prepare compiles with LLVM at level O3, the library's default, Load brings the code back
//	aot-o0       the same at level O0: it compiles ten times as fast and the code is worse
//
// At O3 a module of Go takes half a minute and more to compile, one of 10 KiB half a
// second.
//
// # Where the library comes from
//
// github.com/second-state/WasmEdge-go v0.14.0 links the system's libwasmedge with its
// headers. It needs 0.14, which Debian packages since release 13. Elsewhere
// scripts/setup-debian.sh unpacks the packages of that release into a folder of its own,
// with the C library and the dynamic linker that they need. Nothing of the system is
// replaced: the agent alone names that dynamic linker and that folder (client.CanBuild).
//
// All files that need the headers have the build tag wasmedge, so that everything else
// builds without the library. benchrun builds the agent with that tag. TestLinked runs
// the tests of this package with it.
//
// # What is done where
//
//	Boot         nothing: the dynamic linker has brought the library up
//	Prepare      read, check the module; in aot and aot-o0 compile into a file, hash it
//	Load         read, parse, validate; or parse the stored file, map its code, validate
//	Instantiate  WASI and a store where the module imports something; instance, exports, _initialize
//	Call         alloc, copy in, handle, copy out
//
// Each step is one crossing from Go to C. A module has an executor of its own. A call of
// compiled code takes 1 µs before the guest does anything: the library installs its
// handlers of SIGSEGV, SIGBUS and SIGFPE at each WasmEdge_ExecutorInvoke and removes them
// after it. A call into the interpreter takes 0.2 µs.
//
// This package uses WasmEdge-go to link the library and not for its Go API, whose calls
// allocate two slices and cross into C three times.
//
// # Stored code
//
// Prepare writes the universal format: the module with its machine code in a section of
// its own. The library compares the version and the platform and runs whatever code the
// section has. Package codefile describes how stored code is checked. The native format,
// a shared library, takes as long to load; the dynamic linker would share one that is
// open, so that a second Load of a path would find the first one's.
//
// The linker inside the library has variables for the whole process: two compilations at
// a time end the process. Prepare therefore makes one at a time.
//
// # WASI
//
// Imports come from the library's WASI, one for each instance. Replaced are
//
//	fd_read, fd_write  stdin is the request and stdout a buffer; the output of an artefact that is no command is dropped
//	fd_pread, fd_pwrite  answer EBADF
//	random_get         the library's gives the same bytes twice in a row (hostcall, request 03-random)
//
// A guest with a folder of files needs the library's fd_read and fd_pread. It could so
// read this process's stdin, which the agent therefore replaces by the null device. The
// folder is opened read-only as "/".
//
// # Policies
//
// A policy (runners.Policy) gives guests its folders and variables. The library leaves
// the slash at the beginning of a folder's name out. Guests that may write to a folder get
// the library's fd_write and fd_pwrite too, so that what they write to stderr goes to that
// of this process; its stdin and stdout are the null device.
//
// Guests of a hardened policy end with their context. Code is compiled to ask whether it
// is to end (CompilerSetInterruptible), and calls run on a thread of the library's
// (ExecutorAsyncInvoke). A cancelled call ends whatever its executor runs, so each
// instance has an executor of its own.
//
// # Limits
//
// Each memory reserves 12 GiB of addresses, so a process holds about 10,920 instances. At
// the next one the library reports an access out of bounds. Options.Memory is the
// library's own limit of pages. A guest in an endless loop is not stopped but by a hardened
// policy. Of a Use (runners.Use) guests get the limit of memory alone; another one is
// refused.
//
// The library has no limit of calls (https://github.com/WasmEdge/WasmEdge/issues/2079). A
// guest that calls itself for ever uses up the memory in the interpreter, some 400 MB a
// second, and ends the process with SIGSEGV when it is compiled.
//
// While compiled code runs, a fault in Go's own code on another thread meets the
// library's handler and ends the process, which an agent for each trial contains.
//
// # Settings that are left out
//
//   - An interruptible mode: it starts a thread for each call (see Policies).
//   - Counting of instructions and costs, which slows all code down.
//   - Compilation at start (run-mode jit), which the C API of 0.14 does not offer.
//   - Levels O1, O2, Os and Oz: O1 takes longer than O3 to compile a module of Go.
//   - Proposals beyond the library's default, and plug-ins.
package wasmedge
