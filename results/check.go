package results

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Check is one question of a trial with an answer in a word, such as an attempt of a
// guest to reach a file, or a feature that a runtime has.
type Check struct {
	// Group and Name tell the checks of a record apart.
	Group string `json:"group"`
	Name  string `json:"name"`
	// Result is one of the words that the experiment defines.
	Result string `json:"result"`
	// Expected is the result that is known to come, "" where none is.
	Expected string `json:"expected,omitempty"`
	// Evidence is what was seen, such as an errno or what was read, for people.
	Evidence string `json:"evidence,omitempty"`
}

// Unexpected says whether another result was known to come.
func (c Check) Unexpected() bool { return c.Expected != "" && c.Result != c.Expected }

// Bounds on the checks of one record; that of evidence is in characters.
const (
	MaxChecks   = 4096
	MaxEvidence = 2048
)

// validateChecks reports the first check that is unusable. The groups and names of a
// record's checks must be unique.
func (r *Record) validateChecks() error {
	if len(r.Checks) > MaxChecks {
		return fmt.Errorf("there are %d checks, at most %d are read", len(r.Checks), MaxChecks)
	}
	seen := make(map[[2]string]bool, len(r.Checks))
	for _, c := range r.Checks {
		key := [2]string{c.Group, c.Name}
		switch {
		case !isName(c.Group) || !isName(c.Name):
			return fmt.Errorf("check %q of group %q: the name is invalid", c.Name, c.Group)
		case seen[key]:
			return fmt.Errorf("check %q of group %q occurs twice", c.Name, c.Group)
		case !isName(c.Result) || c.Expected != "" && !isName(c.Expected):
			return fmt.Errorf("check %q of group %q: result %q, expected %q", c.Name, c.Group, c.Result, c.Expected)
		case utf8.RuneCountInString(c.Evidence) > MaxEvidence:
			return fmt.Errorf("check %q of group %q: the evidence has more than %d characters", c.Name, c.Group, MaxEvidence)
		}
		seen[key] = true
	}
	return nil
}

// Evidence makes a text fit for Check.Evidence: valid UTF-8 without line breaks, cut
// to MaxEvidence.
func Evidence(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
	if r := []rune(text); len(r) > MaxEvidence {
		return string(r[:MaxEvidence])
	}
	return text
}
