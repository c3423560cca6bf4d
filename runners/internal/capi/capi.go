// Package capi is the C that the adapters of libraries in C share:
//
//	standard.h   the part of the standard WebAssembly C API that wasmtime and Wasmer use
//	exports.h    which of the exports of package runners/abi a module has
//	output.h     what a command writes, kept in memory
//	vectors.h    fd_read and fd_write of the standard descriptors
//	world.h      arguments and variables
//
// The rest of the shims differs, since the libraries differ in their functions
// for stores, calls, memories, WASI and errors.
//
// The go command does not notice that a package includes a file from another
// folder. The adapters therefore import this package, which embeds the headers:
// when one changes, the adapters are compiled again.
package capi

import (
	"embed"

	"edgebench/runners"
	"edgebench/runners/abi"
)

//go:embed *.h
var _ embed.FS

// Arguments are those of a module. A command has its name before those of its Use.
func Arguments(a runners.Artefact) []string {
	if a.Interface != runners.Stdio && len(a.Use.Args) == 0 {
		return nil
	}
	return append([]string{abi.Program}, a.Use.Args...)
}

// Texts gives a list in the form of world.h. No text has a zero byte.
func Texts(list []string) []byte {
	var b []byte
	for _, text := range list {
		b = append(append(b, text...), 0)
	}
	return b
}
