//go:build cgo

package wasmtime

import (
	"slices"

	"edgebench/runners"
)

// features are those that wasmtime's documentation lists as enabled by default
// (docs/stability-wasm-proposals.md of version 44). Typed function references, collected
// heaps and exceptions are off by default in its C API (config.h). Atomic instructions
// are compiled, but shared memories are off by default.
var features = []runners.Feature{
	runners.MultiValue, runners.SignExtension, runners.SaturatingConversion, runners.BulkMemory, runners.ReferenceTypes, runners.SIMD,
	runners.RelaxedSIMD, runners.ExtendedConst, runners.TailCalls, runners.MultiMemory, runners.Memory64,
}

// features are those of a mode. A pool has room for one memory an instance by default.
// Modes for components take nothing else.
func (m mode) features() []runners.Feature {
	if m.component {
		return append(slices.Clone(features), runners.Components)
	}
	if m.allocator != pooling {
		return features
	}
	return slices.DeleteFunc(slices.Clone(features), func(f runners.Feature) bool { return f == runners.MultiMemory })
}
