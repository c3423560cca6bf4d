package wazy

import "edgebench/runners"

// features are those of wazy's default, which is that of wazero, whose fork it is:
// api.CoreFeaturesV2 (https://pkg.go.dev/github.com/samyfodil/wazy@v0.6.0/api#CoreFeatures).
// Its README says that api.CoreFeaturesV3, which no mode sets, adds the rest of version 3.0
// of the standard.
var features = []runners.Feature{
	runners.MultiValue, runners.SignExtension, runners.SaturatingConversion, runners.BulkMemory, runners.ReferenceTypes, runners.SIMD,
}
