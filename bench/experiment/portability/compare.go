package portability

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"edgebench/results"
	"edgebench/runners"
)

// A fingerprint of a module that ran is ranPrefix, a hash of what calls gave and, where
// a system shows what traps have left, a dash and a hash of that. atLimit ends it where
// the stack was exhausted.
const (
	ranPrefix = "r-"
	atLimit   = "-stack"
)

// AfterTrap comes between a trap and what it has left, in evidence.
const AfterTrap = " after which "

// fingerprint says in a word what a module gave, and in evidence each call's outcome.
func fingerprint(o outcome) (word, evidence string) {
	switch {
	case o.died != nil:
		return ResultCrashed, results.Evidence(o.died.Error())
	case o.Refused != nil:
		return ResultAbsent, results.Evidence(o.Refused.Error.Message)
	}
	given, left := sha256.New(), sha256.New()
	limited, shown := false, false
	var calls []string
	for _, c := range o.Requests {
		text := fmt.Sprintf("%x", c.Response)
		if c.Failure != nil {
			text = "trap " + string(c.Failure.Trap)
			limited = limited || c.Failure.Trap == runners.TrapStack
		}
		fmt.Fprintln(given, text)
		if c.State != nil {
			shown = true
			fmt.Fprintf(left, "%x\n", c.State)
			text += AfterTrap + fmt.Sprintf("%x", c.State)
		}
		calls = append(calls, text)
	}
	word = fmt.Sprintf("%s%.4x", ranPrefix, given.Sum(nil))
	if shown {
		word += fmt.Sprintf("-%.4x", left.Sum(nil))
	}
	if limited {
		word += atLimit
	}
	return word, results.Evidence(strings.Join(calls, ", "))
}

// withoutState is a fingerprint of what calls gave alone.
func withoutState(word string) string {
	if rest, ran := strings.CutPrefix(word, ranPrefix); ran {
		calls, _, _ := strings.Cut(rest, "-")
		return ranPrefix + calls
	}
	return word
}

// Class is why systems give different things for one module.
type Class string

// The classes.
const (
	// ClassLegal: only the bits of NaN differ, which the specification leaves open.
	ClassLegal Class = "legal"
	// ClassLimit: some system exhausted its stack, whose depth is left open.
	ClassLimit Class = "limit"
	// ClassUnread: calls give the same, and some system does not show what a trap has
	// left in its memory and globals.
	ClassUnread Class = "unread"
	// ClassKnown: it is a defect that is in the list of those that were explained.
	ClassKnown Class = "known"
	// ClassDefect: the specification allows one result alone.
	ClassDefect Class = "defect"
)

// Difference is a module for which systems do not agree.
type Difference struct {
	// Module is "seed-" and the seed.
	Module string
	Class  Class
	// Test is the test of the specification that a known defect was minimised to.
	Test string
	// Results has the systems by what they gave.
	Results map[string][]string
}

// Compare finds the modules for which systems differ. checks are those of each system.
func Compare(checks map[string][]results.Check) (all []Difference, err error) {
	known, err := knownSeeds()
	if err != nil {
		return nil, err
	}
	given := map[string]map[string][]string{}
	var order []string
	for _, system := range slices.Sorted(maps.Keys(checks)) {
		for _, c := range checks[system] {
			if given[c.Name] == nil {
				given[c.Name] = map[string][]string{}
				order = append(order, c.Name)
			}
			given[c.Name][c.Result] = append(given[c.Name][c.Result], system)
		}
	}
	for _, name := range order {
		module, isSecond := strings.CutSuffix(name, withoutNaN)
		if isSecond || len(given[name]) < 2 && len(given[name+withoutNaN]) < 2 {
			continue
		}
		d := Difference{Module: module, Class: classify(given[name], given[name+withoutNaN]), Results: given[name]}
		if len(given[name]) < 2 {
			d.Results = given[name+withoutNaN]
		}
		if d.Class == ClassDefect && known[module] != "" {
			d.Class, d.Test = ClassKnown, known[module]
		}
		all = append(all, d)
	}
	return all, nil
}

// knownSeeds reads the list of explained defects, once: modules with the test that each
// was minimised to.
var knownSeeds = sync.OnceValues(func() (map[string]string, error) {
	var list struct {
		Known []struct {
			Seed uint64 `toml:"seed"`
			Test string `toml:"test"`
		} `toml:"known"`
	}
	if err := readTOML("modules/seeds/known.toml", &list); err != nil {
		return nil, err
	}
	known := map[string]string{}
	for _, k := range list.Known {
		known[moduleOf(k.Seed)] = k.Test
	}
	return known, nil
})

// classify judges by the results of a module and of the same without the bits of NaN.
func classify(plain, without map[string][]string) Class {
	p, w := judge(slices.Sorted(maps.Keys(plain))), judge(slices.Sorted(maps.Keys(without)))
	switch {
	case p == ClassLimit || w == ClassLimit:
		return ClassLimit
	case w != "":
		return w
	case p == ClassUnread:
		return ClassUnread
	}
	return ClassLegal
}

// judge says why fingerprints, each of which stands once in the sorted list, are more
// than one; "" where they are not. It knows nothing of NaN.
func judge(words []string) Class {
	if len(words) < 2 {
		return ""
	}
	if slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(w, atLimit) }) {
		return ClassLimit
	}
	// Sorted, what has no state comes before the same with one.
	if len(words) == 2 && words[0] == withoutState(words[1]) {
		return ClassUnread
	}
	return ClassDefect
}
