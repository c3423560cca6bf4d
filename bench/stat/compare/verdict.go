package compare

// Verdict is the answer to a claim or to a comparison.
type Verdict string

// The verdicts on claims.
const (
	Holds      Verdict = "holds"
	Fails      Verdict = "does not hold"
	Depends    Verdict = "depends"
	Undecided  Verdict = "undecided"
	Unmeasured Verdict = "not measured"
	NoClaim    Verdict = "no claim"
)

// The verdicts of a comparison. Of bytes the greater number is "slower".
const (
	Faster Verdict = "faster"
	Slower Verdict = "slower"
	Same   Verdict = "same"
)
