package runners

// Feature is a part of WebAssembly that a runtime may not have: a proposal that came after
// the first version of the standard.
type Feature string

// The features, in the order in which they became part of the standard; those that are
// not part of it come last.
const (
	MultiValue           Feature = "multi-value"
	SignExtension        Feature = "sign-extension"
	SaturatingConversion Feature = "saturating-conversion"
	BulkMemory           Feature = "bulk-memory"
	ReferenceTypes       Feature = "reference-types"
	SIMD                 Feature = "simd"
	RelaxedSIMD          Feature = "relaxed-simd"
	ExtendedConst        Feature = "extended-const"
	TailCalls            Feature = "tail-calls"
	FunctionReferences   Feature = "function-references"
	GC                   Feature = "gc"
	Exceptions           Feature = "exceptions"
	MultiMemory          Feature = "multi-memory"
	Memory64             Feature = "memory64"
	// Threads are shared memories and atomic instructions.
	Threads Feature = "threads"
	// LegacyExceptions are the instructions that browsers had before the standard's.
	LegacyExceptions Feature = "legacy-exceptions"
	// Components are binaries of the Component Model.
	Components Feature = "components"
)

// Features lists all features in their order.
func Features() []Feature {
	return []Feature{
		MultiValue, SignExtension, SaturatingConversion, BulkMemory, ReferenceTypes, SIMD, RelaxedSIMD, ExtendedConst,
		TailCalls, FunctionReferences, GC, Exceptions, MultiMemory, Memory64, Threads, LegacyExceptions, Components,
	}
}
