// Package wasmfile looks at a WebAssembly module that nobody vouches for before
// it goes to a runtime: how it speaks, and whether a runner has what it needs.
// What the runtimes say themselves differs from one to the next, is seldom a
// sentence, and comes after the compiler has had its way with the module.
//
// Inspect reads the sections of types, imports, functions, memories, exports
// and tags. That takes a few microseconds for a small module and 0.1 to 0.2 ms
// for one of Go with ten thousand functions, and so may stand in Prepare. It does
// not look into functions: whether a compiler has all instructions shows when it
// compiles, and Uses then says which it hasn't. Nothing is validated beyond what
// the answers rest on, since the compiler validates.
package wasmfile
