//go:build cgo && linux && wasmedge

package wasmedge

import "edgebench/runners"

// features are those that WasmEdge 0.14 enables by default, as its documentation on
// proposals says (https://wasmedge.org/docs/start/wasmedge/extensions/proposals/). Tail
// calls, extended constant expressions, typed function references, collected heaps,
// several memories and exceptions are options before 0.16, and threads are one; no mode
// sets any.
var features = []runners.Feature{
	runners.MultiValue, runners.SignExtension, runners.SaturatingConversion, runners.BulkMemory, runners.ReferenceTypes, runners.SIMD,
}
