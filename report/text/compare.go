package text

import (
	"fmt"
	"io"

	"edgebench/bench/stat/compare"
	"edgebench/report"
	"edgebench/report/format"
)

// Compare prints a comparison of two runs, or of cells of one run: the differences
// of their environments, how each runner changed as a whole, which cells became
// slower or faster, and how many are the same. If all is true, it prints every row.
func Compare(w io.Writer, c *report.Comparison, all bool, width int, colour bool) error {
	p := newPage(width, colour)
	p.heading(c.Title())
	p.differences(c)
	if len(c.Rows) > 0 {
		p.compared(c, all)
	}
	p.names("the new run has no figures of", c.Gone)
	p.names("the old run has no figures of", c.Added)
	return p.flush(w)
}

// mostNames bounds a list of names.
const mostNames = 20

func (p *page) names(what string, names []string) {
	for i, n := range names {
		if i == mostNames {
			p.footnote(fmt.Sprintf("… and of %d more", len(names)-mostNames))
			return
		}
		p.footnote(what + " " + n)
	}
}

func (p *page) differences(c *report.Comparison) {
	for _, d := range c.Differences {
		word := p.style(yellow, "differs")
		if d.Refused {
			word = p.style(red, "forbids")
		}
		p.paragraph("  "+word+" ", fmt.Sprintf("%s: %s, now %s", d.Field, orNone(d.Old), orNone(d.New)))
	}
	if c.Refused() {
		p.footnote("the hardware differs, so the runs cannot be compared: measure both on one machine")
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func (p *page) compared(c *report.Comparison, all bool) {
	for _, j := range c.Runners {
		p.group(j)
	}
	if len(c.Runners) > 0 {
		p.footnote("a runner as a whole: the change that its timings have in common (minima if a trial repeats a timing), from ranks within each cell, so that no single cell dominates")
		p.rule()
	}
	shown := 0
	for _, v := range []compare.Verdict{compare.Slower, compare.Faster, compare.Undecided, compare.Same} {
		for _, r := range c.Rows {
			if r.Verdict == v && (all || v == compare.Slower || v == compare.Faster) {
				p.comparison(r, beside[c.OneRun])
				shown++
			}
		}
	}
	if shown > 0 {
		p.rule()
	}
	p.paragraph("  ", c.Summary())
	if shared := c.Shared(); shared != "" {
		p.footnote(shared)
	}
	for _, caution := range c.Cautions() {
		p.paragraph("  "+p.style(yellow, "beware")+" ", caution)
	}
	p.footnote(c.Method())
	if !all && c.Count(compare.Undecided) > 0 {
		p.footnote("--all shows the others, and what to measure to decide them")
	}
}

// group prints the result for a whole runner: the ratio, the p-value and the reason
// of the verdict.
func (p *page) group(j compare.GroupComparison) {
	text := fmt.Sprintf("%s, %d cells: ", report.Whole(j), j.Cells)
	if change := report.WholeChange(j); change != "" {
		text += fmt.Sprintf("%s, p = %.2g; ", change, j.P)
	}
	p.paragraph("  "+p.style(colours()[j.Verdict], string(j.Verdict))+"  ", text+j.Reason.String())
	if len(j.Shown) > 0 {
		p.footnote(report.ShownIn(j))
	}
}

func colours() map[compare.Verdict]style {
	return map[compare.Verdict]style{compare.Slower: red, compare.Faster: green, compare.Undecided: yellow}
}

// beside says how the other side of a row stands to it, by whether it is of the
// same run.
var beside = map[bool]string{false: "was", true: "beside"}

func (p *page) comparison(r report.ComparisonRow, other string) {
	p.line("  " + p.style(colours()[r.Verdict], string(r.Verdict)) + "  " + r.Name)
	p.paragraph("      ", fmt.Sprintf("%s, %s %s: %s, n=%d; %s",
		format.Quantity(r.New.Median(), r.New.Unit), other, format.Quantity(r.Old.Median(), r.Old.Unit), r.Change(), r.Ratio.Trials, r.Reason))
}
