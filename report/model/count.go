package model

import (
	"fmt"
	"strings"

	"edgebench/bench/stat/compare"
)

// ClassCount says for how many classes of one side a claim holds.
type ClassCount struct {
	// Holds, Fails and Undecided classes were measured; Unmeasured ones were planned
	// and could not be.
	Holds, Fails, Undecided, Unmeasured int
}

// Count counts the classes of a side by their verdicts. Classes that the run did not
// plan are left out.
func (r TableRow) Count(s Side) (n ClassCount) {
	for _, c := range r.Side(s) {
		if len(c.Cells) == 0 {
			continue
		}
		switch c.Verdict {
		case compare.Holds:
			n.Holds++
		case compare.Fails:
			n.Fails++
		case compare.Undecided:
			n.Undecided++
		case compare.Unmeasured:
			n.Unmeasured++
		}
	}
	return n
}

// String says it in words, e.g. "4 of 7 classes, 1 undecided"; "" without a class.
func (n ClassCount) String() string {
	judged := n.Holds + n.Fails + n.Undecided
	if judged+n.Unmeasured == 0 {
		return ""
	}
	parts := []string{fmt.Sprintf("%d of %d", n.Holds, judged)}
	if n.Undecided > 0 {
		parts = append(parts, fmt.Sprintf("%d undecided", n.Undecided))
	}
	if n.Unmeasured > 0 {
		parts = append(parts, fmt.Sprintf("%d not measured", n.Unmeasured))
	}
	return strings.Join(parts, ", ")
}
