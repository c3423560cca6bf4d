package section

import (
	"fmt"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/report/model"
)

// conclude makes the verdict of a row from those of its cells. A claim about a
// side holds where it holds for every cell that stands for the side and could
// be measured, and does not where it fails for one of them.
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
	if v.Verdict == stat.NoClaim {
		v.Reason = "the table makes no claim; the figures are given for the comparison"
		return v
	}
	v.Reason = reason(model.Containers, row.Containers.Cells, p.Claim.ContainersBound) + "; " +
		reason(model.Wasm, row.Wasm.Cells, p.Claim.WasmBound)
	return v
}

func sideVerdict(cells []model.CellResult, bound *stat.Bound) stat.Verdict {
	if bound == nil {
		return stat.NoClaim
	}
	v := stat.Unmeasured
	for _, c := range cells {
		switch {
		case c.Verdict == stat.Unmeasured:
		case c.Verdict == stat.Fails:
			return stat.Fails
		case v == stat.Unmeasured:
			v = c.Verdict
		case c.Verdict != v:
			v = stat.Undecided
		}
	}
	if v == stat.Unmeasured {
		return stat.Undecided
	}
	return v
}

// combine gives the verdict on a claim about both sides.
func combine(a, b stat.Verdict) stat.Verdict {
	switch {
	case a == stat.NoClaim && b == stat.NoClaim:
		return stat.NoClaim
	case a == stat.Fails || b == stat.Fails:
		return stat.Fails
	case a == stat.Holds && b == stat.Holds:
		return stat.Holds
	}
	return stat.Undecided
}

// reason names, for one side, the cells by their verdicts, e.g.
// "containers ≥ 100 ms holds for docker/runc".
func reason(side model.Side, cells []model.CellResult, bound string) string {
	if len(cells) == 0 {
		return fmt.Sprintf("%s %s is undecided, as no cell stands for it", side, bound)
	}
	by := map[stat.Verdict][]string{}
	for _, c := range cells {
		name := c.System.Name
		if c.Verdict == stat.Undecided || c.Verdict == stat.Unmeasured {
			why := c.Reason
			if c.Entry.State != model.Measured {
				why = c.Entry.State.Word()
			}
			name += " (" + why + ")"
		}
		by[c.Verdict] = append(by[c.Verdict], name)
	}
	var parts []string
	for _, v := range []stat.Verdict{stat.Holds, stat.Fails, stat.Undecided, stat.Unmeasured} {
		if len(by[v]) == 0 {
			continue
		}
		word := string(v)
		switch v {
		case stat.Undecided:
			word = "is undecided"
		case stat.Unmeasured:
			word = "was not measured"
		}
		parts = append(parts, word+" for "+strings.Join(by[v], ", "))
	}
	return fmt.Sprintf("%s %s %s", side, bound, strings.Join(parts, " and "))
}
