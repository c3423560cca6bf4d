//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

import (
	"slices"

	"edgebench/runners"
)

// features are those that Wasmer 2.0 enables by default with Cranelift, according to the
// standard's table of features (https://webassembly.org/features/): SIMD and reference
// types came with 2.0, threads with 4.0, exceptions with 6.0, and tail calls, relaxed SIMD
// and extended constant expressions with 7.1.
var features = []runners.Feature{
	runners.MultiValue, runners.SignExtension, runners.SaturatingConversion, runners.BulkMemory, runners.ReferenceTypes, runners.SIMD,
}

// features are those of a compiler: Singlepass has neither several results
// (https://github.com/wasmerio/wasmer/issues/5286) nor vectors
// (https://github.com/wasmerio/wasmer/issues/3015).
func (c compiler) features() []runners.Feature {
	if c != singlepass {
		return features
	}
	return slices.DeleteFunc(slices.Clone(features), func(f runners.Feature) bool {
		return f == runners.MultiValue || f == runners.SIMD
	})
}
