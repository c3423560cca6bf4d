package workerd

import "edgebench/runners"

// features are those that Chrome ships from release 137 on, according to the standard's
// table of features (https://webassembly.org/features/): workerd has at least the V8 of
// Chrome's stable release (https://developers.cloudflare.com/workers/runtime-apis/web-standards)
// and the features of Chrome; of threads there are memories and instructions, and nothing
// that starts one (https://developers.cloudflare.com/workers/runtime-apis/webassembly/).
var features = []runners.Feature{
	runners.MultiValue, runners.SignExtension, runners.SaturatingConversion, runners.BulkMemory, runners.ReferenceTypes, runners.SIMD,
	runners.RelaxedSIMD, runners.ExtendedConst, runners.TailCalls, runners.FunctionReferences, runners.GC, runners.Exceptions, runners.MultiMemory,
	runners.Memory64, runners.Threads, runners.LegacyExceptions,
}
