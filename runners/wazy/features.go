package wazy

import "edgebench/runners"

// features are those of wazy's default, which is that of wazero, whose fork it is:
// api.CoreFeaturesV2.
var features = []runners.Feature{
	runners.MultiValue, runners.SignExtension, runners.SaturatingConversion, runners.BulkMemory, runners.ReferenceTypes, runners.SIMD,
}
