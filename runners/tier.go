package runners

import "context"

// Tier is which of its runtime's compilers made the code of a guest's entry point.
type Tier string

// The tiers.
const (
	// TierUncompiled: no code has been made yet.
	TierUncompiled Tier = "uncompiled"
	// TierBaseline: the compiler that is quick.
	TierBaseline Tier = "baseline"
	// TierOptimised: the compiler that makes quick code.
	TierOptimised Tier = "optimised"
)

// Tiered is an Instance of a runtime with several compilers.
type Tiered interface {
	// Tier says which compiler made the code that would answer now; varies says that
	// it may be another after other calls. It is asked outside all timed regions, when
	// nothing is timed any more in the process: asking may change what is cached.
	Tier(ctx context.Context) (tier Tier, varies bool, err error)
}
