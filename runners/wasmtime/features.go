//go:build cgo

package wasmtime

import "edgebench/runners"

// features are those that wasmtime's documentation lists as enabled by default
// (docs/stability-wasm-proposals.md of version 44). Atomic instructions are compiled, but
// shared memories are off by default.
var features = []runners.Feature{
	runners.MultiValue, runners.SignExtension, runners.SaturatingConversion, runners.BulkMemory, runners.ReferenceTypes, runners.SIMD,
	runners.RelaxedSIMD, runners.ExtendedConst, runners.TailCalls, runners.MultiMemory, runners.Memory64, runners.FunctionReferences, runners.GC, runners.Exceptions,
}
