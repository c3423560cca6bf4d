package model

import (
	"fmt"
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
		reasons := map[string][]string{}
		var order []string
		for _, c := range classes {
			if c.shown() != group.verdict || len(c.Cells) == 0 {
				continue
			}
			names = append(names, c.Name)
			reason := c.because(why)
			if reasons[reason] == nil {
				order = append(order, reason)
			}
			reasons[reason] = append(reasons[reason], c.Name)
		}
		if len(names) == len(classes) && len(order) == 1 && len(names) > 2 {
			reasons[order[0]] = []string{fmt.Sprintf("all %d classes", len(names))}
		}
		var all []string
		for _, reason := range order {
			all = append(all, strings.Join(reasons[reason], "; ")+reason)
		}
		if len(all) > 0 {
			parts = append(parts, group.words+strings.Join(all, "; "))
		}
	}
	switch n := unplanned(classes); {
	case n == 0:
	case n == len(classes):
		parts = append(parts, "not planned")
	case n == 1:
		parts = append(parts, "1 other class not planned")
	default:
		parts = append(parts, fmt.Sprintf("%d other classes not planned", n))
	}
	return parts
}

// unplanned counts the classes that the run has no trials for.
func unplanned(classes []ClassResult) (n int) {
	for _, c := range classes {
		if len(c.Cells) == 0 {
			n++
		}
	}
	return n
}

// shown is the verdict by which a class is grouped: one without a claim is only named
// if it was not measured.
func (c ClassResult) shown() compare.Verdict {
	if c.Verdict == compare.NoClaim && !c.Measured() {
		return compare.Unmeasured
	}
	return c.Verdict
}

// because is what the verdict needs to be understood: the systems for which the claim
// fails, or why it is open.
func (c ClassResult) because(why func(CellResult) string) string {
	switch c.shown() {
	case compare.Fails:
		return c.failed()
	case compare.Undecided:
		for _, x := range c.Cells {
			if x.Verdict == compare.Undecided {
				return " " + why(x)
			}
		}
	case compare.Unmeasured:
		if len(c.Cells) > 0 {
			return " " + why(c.Cells[0])
		}
	}
	return ""
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
