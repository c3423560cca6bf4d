//go:build cgo && linux && wasmedge

package wasmedge

import "edgebench/runners"

// features are those that WasmEdge 0.14 enables by default, as its documentation on
// proposals says. Tail calls, several memories, extended constant expressions, threads,
// exceptions and collected heaps are options, which no mode sets.
var features = []runners.Feature{
	runners.MultiValue, runners.SignExtension, runners.SaturatingConversion, runners.BulkMemory, runners.ReferenceTypes, runners.SIMD,
}
