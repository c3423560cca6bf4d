//go:build cgo

package wasmtime

import (
	"slices"

	"edgebench/runners"
)

// features are those that wasmtime's documentation lists as enabled by default
// (https://docs.wasmtime.dev/stability-wasm-proposals.html, and for version 42
// https://docs.rs/crate/wasmtime-cli/42.0.2/source/docs/stability-wasm-proposals.md).
// Collected heaps and exceptions are on by default from version 47 on
// (https://github.com/bytecodealliance/wasmtime/releases/tag/v47.0.0), and off in the C API
// of 44 (config.h), as typed function references are. Atomic instructions are compiled,
// but shared memories are off by default.
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
