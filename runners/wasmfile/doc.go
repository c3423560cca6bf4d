// Package wasmfile reads the sections of a WebAssembly module that nobody
// vouches for: which interface it has, and what it imports. It answers before a
// runtime compiles the module, and in the same words for every runtime.
//
// The sections of types, imports, functions, memories and exports are read.
// That takes a few microseconds for a small module and 0.1 to 0.2 ms for one of
// Go with ten thousand functions, so it may run in Prepare. Code is not read:
// the compiler validates it, and Refused passes on what the compiler says.
package wasmfile
