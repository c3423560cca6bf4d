//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

import "edgebench/runners"

// features are those that Wasmer 2.0 enables by default (wasmer_types::Features), for both
// compilers.
var features = []runners.Feature{
	runners.MultiValue, runners.SignExtension, runners.SaturatingConversion, runners.BulkMemory, runners.ReferenceTypes, runners.SIMD,
}
