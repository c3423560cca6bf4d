// Package capi is the C that the adapters of libraries in C share:
//
//	standard.h   the part of the standard WebAssembly C API that wasmtime and Wasmer use
//	exports.h    which of the exports of package runners/abi a module has
//	output.h     what a command writes, kept in memory
//	vectors.h    fd_read and fd_write of the standard descriptors
//
// The rest of the shims differs, since the libraries differ in their functions
// for stores, calls, memories, WASI and errors.
//
// The go command does not notice that a package includes a file from another
// folder. The adapters therefore import this package, which embeds the headers:
// when one changes, the adapters are compiled again.
package capi

import "embed"

//go:embed *.h
var _ embed.FS
