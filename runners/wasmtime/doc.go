// Package wasmtime adapts wasmtime through wasmtime-go. Calls that this binding does
// not have or makes slow go through a few C functions of this package.
//
// # Modes
//
//	jit                   nothing is kept on disk: Load reads and compiles
//	aot                   Prepare compiles and serialises, Load maps the file
//	aot-pooling           as aot, with instances in a pool of reserved slots, which keep their pages
//	aot-pooling-decommit  as aot-pooling, but a closed slot gives its pages back: the pool's default
//	aot-pooling-goapi     as aot-pooling, in wasmtime-go's own calls alone
//	aot-dense             as aot, with memories that reserve what their module declares
//	aot-epochs            as aot, with guests that are stopped at a deadline
//	aot-fuel              as aot, with guests that are stopped when they have used their fuel
//	pulley                as aot, with code for the library's interpreter
//
//	component-jit          as jit, for components
//	component-aot          as aot, for components
//	component-aot-pooling  as aot-pooling, for components
//
// aot-pooling is what a platform runs, and the best of the library for a fresh
// instance; jit is what a program gets that configures nothing.
//
// pulley is for machines whose processor Cranelift does not know, or that forbid
// generated machine code. Cranelift compiles to the code of the interpreter Pulley.
//
// Compiler settings are the library's defaults in all modes: Cranelift,
// optimised for speed, one thread for each core. Linear memory is initialised
// by copy-on-write mappings in all modes but aot-dense. Epochs and fuel are off
// except in the modes that are named for them.
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
// library's default of 1,000 would cost Boot 2 ms and 2,000 mappings.
//
// Of a closed slot, 1 MiB of the memory and of the table stay resident
// (linear_memory_keep_resident, table_keep_resident). Close writes the initial
// content back into them, instead of giving the pages to the kernel and faulting
// them in again. The pages of at most 100 unused slots stay for each process
// (max_unused_warm_slots). The library keeps none by default: see
// aot-pooling-decommit. All other settings are the library's defaults.
//
// The library aborts the process if it cannot map a pool, so Boot checks the room
// first.
//
// # Dense memories
//
// In aot-dense a memory has neither a reservation nor a guard, so that neither
// the address space nor the number of mappings ends a density run: the kernel joins
// the mappings of neighbours, and 100,000 instances live in one process. The price
// is a bounds check for each access of compiled code, a copy of the module's data
// for each instance, and a copy of the whole memory when it grows.
//
// # Components
//
// wasmtime-go does not have the Component Model. The modes for components use the C API
// of the same library: compile, serialise and map a component, link it with WASI preview
// 2, instantiate, and call handle with a list<u8>. A command is a component that exports
// wasi:cli/run; it gets the same context as a command of preview 1. Load checks the type
// of handle.
//
// The C API resolves imports at each instantiation, since it has no InstancePre for
// components. It takes and gives values as a tree in C, in which each byte of a list<u8>
// is a value of 32 bytes, and the library makes another tree of its own. So a call costs
// about 10 ns for each byte of a list<u8>, in each direction, where a string or an
// address with a length costs a copy: see BenchmarkTypedCall. A Rust program has typed
// functions without these trees. The same is why a request is limited to 8 MiB
// (runners.ErrTooLarge). wasi:cli/exit tells success or failure and no code: a command
// that ends with any other code than 0 has code 1.
//
// Handlers of wasi:http are not served. wasmtime_context_set_wasi_http and
// wasmtime_component_linker_add_wasi_http let a guest send requests. Nothing in the C API
// makes the incoming-request and the response-outparam that a handler is called with, and
// the host resources that a program can define are not of the library's types. A
// component that imports wasi:http is refused too, since the context does not restrict to
// whom it may send.
//
// There are no modes with epochs, fuel or dense memories for components: they do not
// bear on what the Component Model costs. The pool reserves as many component instances
// as it has slots.
//
// # Guests that are stopped
//
// In aot-epochs compiled code compares the engine's epoch with a deadline in each
// loop and at each call. A goroutine advances the epoch each 10 ms. Each call gets the
// ticks until the deadline of its context, or a number that is never reached. A
// context that is cancelled without a deadline does not stop a guest.
//
// In aot-fuel compiled code counts, and each call gets the same fuel. In both modes a
// stopped guest has trapped.
//
// # Policies
//
// A policy (runners.Policy) gives guests its folders and variables. Folders have two
// kinds of permission here, so that the policy's folder of names is there too. A hardened
// one stops guests by epochs, but in aot-pooling-goapi, whose calls have no deadline.
// Components have the same through WASI preview 2. Its linker has sockets too, but the
// context forbids all addresses unless it is told otherwise.
//
// # Settings that are left out
//
//   - pagemap_scan and memory protection keys, which make the reset of a slot
//     cheaper and slots smaller: the C API of this version does not have them.
//   - winch, the compiler in one pass: the C API's strategies do not name it.
//   - signals_based_traps off, native_unwind_info off and opt_level: they trade speed
//     of code for its size or for portability.
//   - Asynchronous calls: a guest of ours never waits for its host.
//   - The cache of the library's configuration file, which would make a second
//     compilation cheaper than the first.
//
// # Memory limit
//
// Options.Memory bounds each linear memory through the store's limiter, and a
// guest that asks for more is refused by memory.grow. Without it a memory ends
// at the module's own maximum, or at 4 GiB. A hardened policy bounds each table in the
// same way, to as many elements as a slot of a pool has.
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
