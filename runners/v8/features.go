//go:build cgo && linux && amd64

package v8

import "edgebench/runners"

// features are those that Chrome 136, which has V8 13.6, ships according to the
// standard's table of features (https://webassembly.org/features/; its data are
// features.json of https://github.com/WebAssembly/website). The standard's exceptions came
// with the release after.
var features = []runners.Feature{
	runners.MultiValue, runners.SignExtension, runners.SaturatingConversion, runners.BulkMemory, runners.ReferenceTypes, runners.SIMD,
	runners.RelaxedSIMD, runners.ExtendedConst, runners.TailCalls, runners.FunctionReferences, runners.GC, runners.MultiMemory, runners.Memory64, runners.Threads, runners.LegacyExceptions,
}
