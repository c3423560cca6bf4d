package wazero

import "edgebench/runners"

// features are those of wazero's default, api.CoreFeaturesV2. Tail calls, threads,
// extended constant expressions, exceptions and typed function references are options
// of its package experimental, which no mode sets.
var features = []runners.Feature{
	runners.MultiValue, runners.SignExtension, runners.SaturatingConversion, runners.BulkMemory, runners.ReferenceTypes, runners.SIMD,
}
