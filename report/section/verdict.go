package section

import (
	"fmt"
	"slices"
	"strings"

	"edgebench/bench/stat/compare"
	"edgebench/report/model"
)

// conclude makes the verdict of a row from those of its cells. A claim about a side
// holds if it holds for every cell that stands for the side and could be measured.
// It does not hold if it fails for one of them.
func (p Property) conclude(row model.TableRow) model.VerdictResult {
	v := model.VerdictResult{
		Containers: sideVerdict(row.Containers.Cells, p.Containers),
		Wasm:       sideVerdict(row.Wasm.Cells, p.Wasm),
	}
	for _, c := range slices.Concat(row.Containers.Cells, row.Wasm.Cells) {
		if c.Entry.State == model.Measured {
			v.RestsOn = append(v.RestsOn, c.Cell.String())
		}
	}
	v.Verdict = combine(v.Containers, v.Wasm)
	if v.Verdict == compare.NoClaim {
		v.Reason = "the table makes no claim; the figures are given for the comparison"
		return v
	}
	v.Reason = reason(model.Containers, row.Containers.Cells, p.Claim.ContainersBound) + "; " +
		reason(model.Wasm, row.Wasm.Cells, p.Claim.WasmBound)
	return v
}

func sideVerdict(cells []model.CellResult, bound *compare.Bound) compare.Verdict {
	if bound == nil {
		return compare.NoClaim
	}
	v := compare.Unmeasured
	for _, c := range cells {
		switch {
		case c.Verdict == compare.Unmeasured:
		case c.Verdict == compare.Fails:
			return compare.Fails
		case v == compare.Unmeasured:
			v = c.Verdict
		case c.Verdict != v:
			v = compare.Undecided
		}
	}
	if v == compare.Unmeasured {
		return compare.Undecided
	}
	return v
}

// combine gives the verdict on a claim about both sides.
func combine(a, b compare.Verdict) compare.Verdict {
	switch {
	case a == compare.NoClaim && b == compare.NoClaim:
		return compare.NoClaim
	case a == compare.Fails || b == compare.Fails:
		return compare.Fails
	case a == compare.Holds && b == compare.Holds:
		return compare.Holds
	}
	return compare.Undecided
}

// reason names, for one side, the cells by their verdicts, e.g.
// "containers ≥ 100 ms holds for docker/runc".
func reason(side model.Side, cells []model.CellResult, bound string) string {
	if len(cells) == 0 {
		return fmt.Sprintf("%s %s is undecided, as no cell stands for it", side, bound)
	}
	by := map[compare.Verdict][]string{}
	for _, c := range cells {
		name := c.System.Name
		if c.Verdict == compare.Undecided || c.Verdict == compare.Unmeasured {
			why := c.Reason
			if c.Entry.State != model.Measured {
				why = c.Entry.State.Word()
			}
			name += " (" + why + ")"
		}
		by[c.Verdict] = append(by[c.Verdict], name)
	}
	var parts []string
	for _, v := range []compare.Verdict{compare.Holds, compare.Fails, compare.Undecided, compare.Unmeasured} {
		if len(by[v]) == 0 {
			continue
		}
		word := string(v)
		switch v {
		case compare.Undecided:
			word = "is undecided"
		case compare.Unmeasured:
			word = "was not measured"
		}
		parts = append(parts, word+" for "+strings.Join(by[v], ", "))
	}
	return fmt.Sprintf("%s %s %s", side, bound, strings.Join(parts, " and "))
}
