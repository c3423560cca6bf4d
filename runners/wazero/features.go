package wazero

import "edgebench/runners"

// features are those of wazero's default, api.CoreFeaturesV2
// (https://pkg.go.dev/github.com/tetratelabs/wazero@v1.12.0/api#CoreFeatures; the
// standard's table, https://webassembly.org/features/, has the same). Tail calls, threads,
// extended constant expressions, exceptions and typed function references are options
// of its package experimental, which no mode sets.
var features = []runners.Feature{
	runners.MultiValue, runners.SignExtension, runners.SaturatingConversion, runners.BulkMemory, runners.ReferenceTypes, runners.SIMD,
}
