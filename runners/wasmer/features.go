//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

import (
	"slices"

	"edgebench/runners"
)

// features are those that Wasmer 2.0 enables by default with Cranelift.
var features = []runners.Feature{
	runners.MultiValue, runners.SignExtension, runners.SaturatingConversion, runners.BulkMemory, runners.ReferenceTypes, runners.SIMD,
}

// features are those of a compiler: Singlepass has neither several results nor vectors,
// as Wasmer's table of features by compiler says.
func (c compiler) features() []runners.Feature {
	if c != singlepass {
		return features
	}
	return slices.DeleteFunc(slices.Clone(features), func(f runners.Feature) bool {
		return f == runners.MultiValue || f == runners.SIMD
	})
}
