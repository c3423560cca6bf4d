package model

import (
	"slices"
	"strings"

	"edgebench/bench/stat/compare"
)

// Because says, for each side of a row, for which classes its claim holds, e.g.
// "containers ≥ 100 ms: holds for minimal image, Docker; does not hold for minimal
// image, no engine (oci/embedded)". What is said of a cell without a verdict is up to
// why; nil stands for CellResult.Why.
func (r TableRow) Because(why func(CellResult) string) []string {
	if why == nil {
		why = CellResult.Why
	}
	if r.Reason != "" {
		return []string{r.Reason}
	}
	var lines []string
	for _, side := range []Side{Containers, Wasm} {
		if parts := because(r.Side(side), why); len(parts) > 0 {
			title := string(side)
			if bound := r.Claim.Bound(side); bound != "" {
				title += " " + bound
			}
			lines = append(lines, title+": "+strings.Join(parts, "; "))
		}
	}
	return lines
}

// because groups the classes of a side by their verdicts.
func because(classes []ClassResult, why func(CellResult) string) (parts []string) {
	for _, group := range []struct {
		verdict compare.Verdict
		words   string
	}{
		{compare.Holds, "holds for "}, {compare.Fails, "does not hold for "},
		{compare.Undecided, "undecided for "}, {compare.Unmeasured, "not measured: "},
	} {
		var names []string
		for _, c := range classes {
			verdict := c.Verdict
			if verdict == compare.NoClaim && !c.Measured() {
				verdict = compare.Unmeasured
			}
			if verdict == group.verdict {
				names = append(names, c.named(why))
			}
		}
		if len(names) > 0 {
			parts = append(parts, group.words+strings.Join(names, "; "))
		}
	}
	return parts
}

// named is the class with what its verdict needs to be understood: the systems for
// which the claim fails, or why it is open.
func (c ClassResult) named(why func(CellResult) string) string {
	switch c.Verdict {
	case compare.Fails:
		return c.Name + c.failed()
	case compare.Undecided:
		for _, x := range c.Cells {
			if x.Verdict == compare.Undecided {
				return c.Name + " " + why(x)
			}
		}
	case compare.Holds:
	default:
		if len(c.Cells) > 0 && !c.Measured() {
			return c.Name + " " + why(c.Cells[0])
		}
	}
	return c.Name
}

// failed names the systems for which the claim fails if they are not all, and says
// where only later starts hold.
func (c ClassResult) failed() string {
	var names []string
	all, later := true, true
	for _, x := range c.Cells {
		if x.Verdict != compare.Fails {
			all = all && x.Verdict == compare.Unmeasured
			continue
		}
		later = later && x.OnlyLater
		if !slices.Contains(names, x.System.Name) {
			names = append(names, x.System.Name)
		}
	}
	var parts []string
	if !all {
		parts = append(parts, strings.Join(names, ", "))
	}
	if later {
		parts = append(parts, "only later starts hold")
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ": ") + ")"
}

// Why says in brackets why a cell has no verdict.
func (c CellResult) Why() string {
	switch {
	case c.Reason != "":
		return "(" + c.Reason + ")"
	case c.Entry.State == Measured, c.Entry.Why == "":
		return "(" + c.Entry.State.Word() + ")"
	}
	return "(" + c.Entry.State.Word() + ": " + c.Entry.Why + ")"
}
