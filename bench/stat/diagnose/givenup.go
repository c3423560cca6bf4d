package diagnose

import (
	"fmt"
	"regexp"

	"edgebench/results"
)

// alikeFailures is how many trials of a cell that fail in the same way are enough
// to give the cell up.
const alikeFailures = 2

// GivenUp is why a cell is not tried again.
type GivenUp struct {
	Outcome results.Outcome
	// Failures is the number of trials that ended in this way, Reason the error of
	// the last of them.
	Failures int
	Reason   string
}

// String gives the reason in one line.
func (g GivenUp) String() string {
	how := "failures"
	if g.Outcome == results.Unavailable {
		how = "trials that were unavailable"
	}
	return fmt.Sprintf("given up after %d %s: %s", g.Failures, how, g.Reason)
}

// Failures finds the cells whose trials fail in the same way again. The zero value
// has none. What it finds depends on the records alone, so that an interrupted run
// and a report give up the same cells as the run did.
type Failures struct {
	seen  map[wayOfCell]map[int]bool
	given map[results.Cell]GivenUp
}

type wayOfCell struct {
	results.Cell
	way
}

// way is what failures of the same kind have in common.
type way struct {
	outcome results.Outcome
	reason  string
}

// Add takes note of a record. The records of one trial count once.
func (f *Failures) Add(r *results.Record) {
	if r.Outcome == results.OK {
		return
	}
	if f.seen == nil {
		f.seen, f.given = map[wayOfCell]map[int]bool{}, map[results.Cell]GivenUp{}
	}
	at := wayOfCell{r.Cell, way{r.Outcome, classOf(r.Error)}}
	if f.seen[at] == nil {
		f.seen[at] = map[int]bool{}
	}
	f.seen[at][r.Seq] = true
	if n := len(f.seen[at]); n >= alikeFailures {
		f.given[r.Cell] = GivenUp{Outcome: r.Outcome, Failures: n, Reason: r.Error}
	}
}

// GivenUp says whether a cell is given up, and why.
func (f *Failures) GivenUp(c results.Cell) (GivenUp, bool) {
	g, ok := f.given[c]
	return g, ok
}

var (
	quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*(?:"|$)`)
	number = regexp.MustCompile(`[0-9A-Za-z.]*[0-9][0-9A-Za-z.]*`)
)

// maxClass is how much of a reason tells failures apart, in bytes: about its first
// line.
const maxClass = 200

// classOf removes from a reason what differs between two failures of the same kind:
// quoted data, numbers, and words with digits, such as the identifier of a container.
func classOf(reason string) string {
	s := number.ReplaceAllString(quoted.ReplaceAllString(reason, `""`), "0")
	return s[:min(len(s), maxClass)]
}
