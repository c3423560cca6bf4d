// Package wasmtime adapts wasmtime through wasmtime-go. Calls that this binding does
// not have or makes slow go through a few C functions of this package.
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
//	Prepare      read, check the module, compile, serialise, write (jit: the first two)
//	Load         compile or map, check the exports, link (InstancePre)
//	Instantiate  store, WASI context, instance, exports, then _initialize
//	Call         alloc, copy in, handle, copy out
//
// An instance has a store of its own, which Close frees at once, without a
// finalizer. A store gets a WASI context if its module has imports. The context has
// no arguments, no environment and no output. Its files are the artefact's folder,
// which the library opens read-only as "/".
//
// # Commands
//
// A command (runners.Stdio) is instantiated like any other module, with a WASI
// context of its own. Call gives its store another context and runs _start, in the
// same crossing. In that context stdin is the request (wasi_config_set_stdin_bytes),
// and stdout and stderr are buffers in C (wasi_config_set_stdout_custom). A new
// context is needed since its input is fixed when it is made. No file and no pipe is
// used. wasmtime-go has neither call, so the mode aot-pooling-goapi makes that
// context through C as well.
//
// A write past the bound of the output fails, as on a full disk. The deadline ends a
// guest that ignores the error.
//
// The mode aot-pooling-goapi shows the cost of wasmtime-go: it instantiates with
// Linker.Instantiate and calls with Func.Call, as a Go program would. Most of the
// additional time is for Go objects with finalizers. The other modes cross from Go
// to C once for Instantiate (once more for _initialize) and once for Call. They call
// with wasmtime_func_call_unchecked, since Load has checked the types. Only a
// response that is longer than the caller's buffer needs a second crossing.
//
// # The C functions
//
// A cgo directive cannot name a folder of another module, so a plain go build does
// not find the headers of wasmtime-go. A copy of them would be 600 KB to keep up to
// date. Instead library.h declares the few functions and types that shim.c uses and
// asserts the types' layout; package capi declares those that Wasmer uses too. A
// test compiles these declarations against the headers of the linked module, so that
// a different declaration is an error. The import of wasmtime-go links the library.
//
// wasmtime-go does not export the pointers to its C objects. One function reads them
// from the unexported field _ptr by reflection. Boot fails with an error if that
// field does not exist.
//
// # The pool
//
// A slot reserves 4 GiB of address space and a guard of 32 MiB, as the library
// does by default in all modes, so that compiled code needs no bounds checks. A
// memory may grow to all of its 4 GiB.
//
// The pool has 16,000 slots, 63 TiB in one piece. This is the most that a process
// can always map, since Go puts its heap at a random address in the 128 TiB and so
// may halve them. Linux's default of 65,530 mappings (vm.max_map_count) permits
// little more in any mode: an instance of a module with data takes four. If this
// limit is raised, the modes without a pool end at about 32,000 instances, by address
// space. A slot costs Boot less than 0.1 µs and 190 bytes.
//
// A pool has 1,000 slots if there is no room for 16,000. This is so under a limit of
// address space, and in a process that boots more than one pool, at once or in
// sequence, which fragments the space. A density run boots one.
//
// The pool holds no stacks for asynchronous calls: there are no such calls, and the
// library's default of 1,000 would cost Boot 2 ms and 2,000 mappings. All other
// settings are the library's defaults. In particular no page of a slot stays
// resident after its instance is closed, so each instance has its own page faults.
//
// The library aborts the process if it cannot map a pool, so Boot checks the room
// first.
//
// # Memory limit
//
// Options.Memory bounds each linear memory through the store's limiter, and a
// guest that asks for more is refused by memory.grow. Without it a memory ends
// at the module's own maximum, or at 4 GiB.
//
// # The prepared file
//
// Load runs machine code from a file. The library checks that it was made by its own
// version with the same settings. It does not check that the file is complete, and a
// damaged file crashes the process. Package codefile describes how the file is
// checked: by its hash outside the timed region, as for every runtime, and by one
// stat within it. A hash in Load would take half as long as the rest of Load for a C
// module (40 µs, 100 µs) and many times as long for a Go module (7 ms, 0.4 ms).
package wasmtime
