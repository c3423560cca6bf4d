// Package wasmfile reads the sections of an untrusted WebAssembly module and finds
// its interface and its imports. It does so before a runtime compiles the module,
// with the same messages for every runtime.
//
// Of a component it reads the imports and exports of the outermost one.
//
// Of a module it reads the sections of types, imports, functions, memories and
// exports. That takes a few microseconds for a small module and 0.1 to 0.2 ms for a Go
// module with ten thousand functions, so it may run in Prepare. It does not read code: the
// compiler validates it, and Refused contains the compiler's message.
package wasmfile
