// Package wasmtime adapts wasmtime through wasmtime-go and, where that binding
// lacks a call or makes it slow, through a few C functions of our own.
//
// # Modes
//
//	jit                nothing is kept on disk: Load reads and compiles
//	aot                Prepare compiles and serialises, Load maps the file
//	aot-pooling        as aot, with instances in a pool of reserved slots
//	aot-pooling-goapi  as aot-pooling, in wasmtime-go's own calls alone
//
// Compiler settings are the library's defaults in all modes: Cranelift,
// optimised for speed, one thread for each core. Linear memory is initialised
// by copy-on-write mappings in all modes. Epochs and fuel are off.
//
// # What is done where
//
//	Boot         engine, pool, linker with WASI preview 1
//	Prepare      read, look whether it fits, compile, serialise, write (jit: the first two)
//	Load         compile or map, check the exports, link (InstancePre)
//	Instantiate  store, WASI context, instance, exports, then _initialize
//	Call         alloc, copy in, handle, copy out
//
// An instance has a store of its own, which Close frees at once; nothing waits
// for a finalizer. A store gets a WASI context, with neither arguments nor
// environment or output, if its module imports anything at all. Its files are
// the artefact's folder, which the library opens as "/" to be read only.
//
// # Commands
//
// A command (runners.Stdio) is instantiated like any other module, with a WASI
// context of its own, and has not run. Call gives its store another context, in
// which stdin is the request (wasi_config_set_stdin_bytes) and stdout and stderr
// are buffers in C (wasi_config_set_stdout_custom), since what a context reads
// is fixed when it is made; then it runs _start, in the same crossing. Nothing
// goes through a file or a pipe. wasmtime-go has neither call, and so the mode
// aot-pooling-goapi makes that one context through C as well.
//
// Output that becomes too long fails with an error, as on a full disk. A guest
// that writes on regardless is ended by the deadline.
//
// The mode aot-pooling-goapi shows what wasmtime-go costs: it instantiates with
// Linker.Instantiate and calls with Func.Call, as a Go program would; most of
// what that adds is the making of Go objects with finalizers. The other
// modes cross from Go to C once for Instantiate (once more for _initialize) and
// once for Call, and call with wasmtime_func_call_unchecked, which looks at no
// types: Load has. Only a response that is longer than the caller's buffer
// costs a second crossing.
//
// # The C functions
//
// A cgo directive cannot name a folder of another module, so the headers of
// wasmtime-go are out of reach of a plain go build; copied into this folder
// they would be 600 KB to keep in step. So library.h declares the few
// functions and types that shim.c uses, beside what package capi declares for
// Wasmer as well, and asserts the types' layout. A test compiles it all against
// the headers of the module that is linked, where a declaration that differs is
// an error. Nothing need be said to the linker:
// importing wasmtime-go links the library.
//
// wasmtime-go hands out no pointer to its C objects. They are read from its
// unexported field _ptr by reflection, in one function, and Boot fails with an
// error if that is no longer there.
//
// # The pool
//
// A slot reserves 4 GiB of address space and a guard of 32 MiB, as the library
// does by default in all modes: this is what lets compiled code leave out
// bounds checks. A memory may grow to all of its 4 GiB. The pool has 16,000
// slots, 63 TiB in one piece: the most that a process is certain to find, since
// Go puts its heap at a random place in the 128 TiB and so may halve them. At
// Linux's default of 65,530 mappings (vm.max_map_count), of which an instance of
// a module with data takes four, little more than that can live in any mode.
// Where this limit is raised, the modes without a pool end at some 32,000, by
// address space. A slot costs Boot less than 0.1 µs and 190 bytes. Where there
// is no room for so many, a pool has 1,000 slots: under a limit of address
// space, and in a process that boots more than one pool, side by side or one
// after the other, which cuts the space up. A density run boots one.
//
// The pool holds no stacks for asynchronous calls: there are none, and the
// library's default of 1,000 would cost Boot 2 ms and 2,000 mappings. All else
// is as the library has it. In particular no page of a slot stays resident after
// its instance is closed, so each instance pays for its own page faults.
//
// A pool that cannot be mapped aborts the process inside the library, so Boot
// looks for room first.
//
// # Memory limit
//
// Options.Memory bounds each linear memory through the store's limiter, and a
// guest that asks for more is refused by memory.grow. Without it a memory ends
// at the module's own maximum, or at 4 GiB.
//
// # The prepared file
//
// Load runs machine code from a file. The library checks that it was made by
// its own version with the same settings, but not that it is whole, and a
// damaged one crashes the process. Package codefile says how the file is
// checked by its hash, outside the timed region as for every runtime, and with
// one stat within it. Hashing in Load would take half as long as all else in
// Load for a module in C (40 µs beside 100 µs) and many times as long for one
// in Go (7 ms beside 0.4 ms).
package wasmtime
