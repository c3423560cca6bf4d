package format

import "edgebench/bench/stat/compare"

// Sign is one character for a verdict, which stands beside its words.
func Sign(v compare.Verdict) string {
	switch v {
	case compare.Holds, compare.Faster:
		return "✓"
	case compare.Fails, compare.Slower:
		return "✗"
	case compare.Depends:
		return "±"
	case compare.Undecided:
		return "?"
	}
	return "·"
}
