package text

import (
	"fmt"
	"io"
	"strings"

	"edgebench/report"
	"edgebench/report/format"
)

// CompareMarkdown prints a comparison as GitHub's Markdown has it, for a pull request:
// the verdict, the machine's differences, each runner as a whole, and what changed,
// the greatest effect first. If all is true, every row is printed.
func CompareMarkdown(w io.Writer, c *report.Comparison, all bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**: %s\n\n", escaped(c.Summary()), escaped(c.Title()))
	for _, d := range c.Differences {
		word := "differs"
		if d.Refused {
			word = "**forbids a comparison**"
		}
		fmt.Fprintf(&b, "- %s: %s, %s, now %s\n", word, escaped(d.Field), escaped(orNone(d.Old)), escaped(orNone(d.New)))
	}
	for _, caution := range c.Cautions() {
		fmt.Fprintf(&b, "- %s\n", escaped(caution))
	}
	for _, j := range c.Runners {
		change := report.WholeChange(j)
		if change != "" {
			change += "; "
		}
		fmt.Fprintf(&b, "- **%s** %s: %s%s\n", escaped(string(j.Verdict)), escaped(report.Whole(j)), escaped(change), escaped(j.Reason.String()))
	}
	rows := c.Changed()
	if all {
		rows = append(rows, c.Unchanged()...)
	}
	if len(rows) > 0 {
		b.WriteString("\n| verdict | cell | old | new | change |\n|---|---|---|---|---|\n")
	}
	for _, r := range rows {
		markdownRow(&b, escaped(string(r.Verdict)), escaped(r.Name), format.Quantity(r.Old.Median(), r.Old.Unit),
			format.Quantity(r.New.Median(), r.New.Unit), escaped(r.Change()))
	}
	b.WriteString("\n")
	markdownNames(&b, "the new run has no figures of", c.Gone)
	markdownNames(&b, "the old run has no figures of", c.Added)
	if len(c.Rows) > 0 {
		fmt.Fprintf(&b, "- %s\n", escaped(c.Method()))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownNames(b *strings.Builder, what string, names []string) {
	for i, n := range names {
		if i == mostNames {
			fmt.Fprintf(b, "- … and of %d more\n", len(names)-mostNames)
			return
		}
		fmt.Fprintf(b, "- %s %s\n", what, escaped(n))
	}
}
