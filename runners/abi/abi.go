// Package abi defines the interface between a WebAssembly workload and its runner.
//
// A module is a reactor. It exports
//
//	memory      linear memory
//	_initialize () -> ()            optional; called once, before all else
//	alloc       (n: i32) -> i32     address of n writable bytes for a request,
//	                                valid until the next alloc
//	handle      (ptr, len: i32) -> i64
//	                                the response's address in the upper and its
//	                                length in the lower 32 bits, valid until
//	                                the next call
//
// A third-party module may be a command instead. It exports
//
//	memory      linear memory
//	_start      () -> ()            reads a request from stdin, writes the
//	                                response to stdout, and returns or exits
//	                                with 0; called once
//
// A component exports
//
//	handle: func(request: list<u8>) -> list<u8>
//
// or is a command, which exports wasi:cli/run in a version 0.2. It may import
// interfaces of WASI 0.2.
//
// Either module may import functions of wasi_snapshot_preview1 and nothing else. An empty
// request is a ping: handle(0, 0) without alloc, answered by an empty response.
// Memory may grow in any call: the host reads its base again after each.
package abi

import (
	"fmt"

	"edgebench/runners"
)

// Names of exports and of the one module that may be imported.
const (
	Memory     = "memory"
	Initialise = "_initialize"
	Alloc      = "alloc"
	Handle     = "handle"
	Start      = "_start"
	WASI       = "wasi_snapshot_preview1"
	// Run is the instance that a component exports as a command, without its version.
	Run = "wasi:cli/run"
)

// Program is what a command finds as its first argument, the name under which it
// runs. Further arguments and variables are those of runners.Use.
const Program = "guest"

// MaxMessage bounds a request and a response, in bytes.
const MaxMessage = 64 << 20

// MaxModule bounds a module's file, in bytes.
const MaxModule = 256 << 20

// CheckRequest refuses a request that is too large.
func CheckRequest(request []byte) error {
	if len(request) > MaxMessage {
		return fmt.Errorf("request of %d bytes, at most %d are sent: %w", len(request), MaxMessage, runners.ErrTooLarge)
	}
	return nil
}

// Fits reports whether n bytes at ptr lie in a memory of size bytes.
func Fits(ptr uint32, n int, size uint64) error {
	if uint64(ptr)+uint64(n) > size {
		return fmt.Errorf("the guest's buffer of %d bytes at %#x lies outside its memory of %d bytes: %w", n, ptr, size, runners.ErrTrap)
	}
	return nil
}

// Unpack splits handle's result and checks it against the memory's size after
// the call, in bytes.
func Unpack(packed uint64, size uint64) (ptr, n uint32, err error) {
	ptr, n = uint32(packed>>32), uint32(packed)
	if n > MaxMessage {
		return 0, 0, fmt.Errorf("response of %d bytes, at most %d are taken: %w", n, MaxMessage, runners.ErrTooLarge)
	}
	if uint64(ptr)+uint64(n) > size {
		return 0, 0, fmt.Errorf("the guest's response of %d bytes at %#x lies outside its memory of %d bytes: %w", n, ptr, size, runners.ErrTrap)
	}
	return ptr, n, nil
}

// MissingExport is the error of a module without one of the exports, or with
// one of another type.
func MissingExport(name string) error {
	return fmt.Errorf("the module does not export %s as edgebench's modules do (see runners/abi): %w", name, runners.ErrMalformed)
}

// HandlerType is the export of a component that is no command, with its type.
const HandlerType = "handle: func(request: list<u8>) -> list<u8>"

// MissingComponentExport is the error of a component without the one export that is
// called, or with one of another type.
func MissingComponentExport(name string) error {
	return fmt.Errorf("the component does not export %s (see runners/abi): %w", name, runners.ErrMalformed)
}

// MissingComponentImport is the error of a component that imports what no runner
// supplies.
func MissingComponentImport(names string) error {
	return fmt.Errorf("the component needs %s, which no runner supplies: the interfaces of wasi:cli, clocks, filesystem, io, random and sockets in version 0.2 are all that a component gets: %w", names, runners.ErrUnavailable)
}

// MissingImport is the error of a module that imports what no runner supplies.
func MissingImport(names string) error {
	return fmt.Errorf("the module needs %s, which no runner supplies: functions of %s (WASI preview 1) are all that a module gets: %w", names, WASI, runners.ErrUnavailable)
}

// Exited is the error of a command that ended with another exit code than 0,
// with the first line that it wrote to stderr, "" if it wrote none.
func Exited(code uint32, said string) error {
	if said != "" {
		said = ": " + said
	}
	return fmt.Errorf("it exits with code %d%s: %w", code, said, runners.ErrTrap)
}

// CheckExit compares the exit code of a command with the right one. Its error is
// Exited, or says which code is right.
func CheckExit(code, right uint32, said string) error {
	switch {
	case code == right:
		return nil
	case right == 0:
		return Exited(code, said)
	}
	return fmt.Errorf("%w, and %d is right", Exited(code, said), right)
}
