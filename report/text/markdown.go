package text

import (
	"fmt"
	"io"
	"strings"

	"edgebench/report/model"
)

// Markdown prints the table as GitHub's Markdown has tables: a row for each property
// and for each cell of its classes, with what qualifies them below.
func Markdown(w io.Writer, m *model.Model) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n| property, class | system | artefact | figure | verdict |\n|---|---|---|---|---|\n", tableTitle)
	for _, r := range m.Table.Rows {
		markdownRow(&b, "**"+escaped(r.Property)+"**: "+escaped(claimAcross(r.Claim)), "", "", "", "**"+escaped(string(r.Verdict))+"**")
		for _, c := range r.Classes {
			if c.Measured() {
				markdownClass(&b, c)
			}
		}
	}
	b.WriteString("\n")
	for _, r := range m.Table.Rows {
		for _, line := range append(r.Because(nil), r.Notes...) {
			fmt.Fprintf(&b, "- %s: %s\n", escaped(r.Property), escaped(line))
		}
	}
	notes := append(releases(m.Table.Systems), m.Table.Notes...)
	if line := m.CostsLine(); line != "" {
		notes = append(notes, line)
	}
	for _, n := range notes {
		fmt.Fprintf(&b, "- %s\n", escaped(n))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownClass(b *strings.Builder, c model.ClassResult) {
	name, verdict := escaped(c.Name), escaped(string(c.Verdict))
	if c.Lead {
		name = "**" + name + "**"
	}
	for _, x := range c.Cells {
		markdownRow(b, name, escaped(aged(x.System)), escaped(x.Cell.Artefact.String()), escaped(figure(x)), verdict)
		name, verdict = "", ""
	}
}

func markdownRow(b *strings.Builder, cells ...string) {
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

// escaped keeps what a text holds from being read as Markdown or HTML.
func escaped(s string) string {
	var out strings.Builder
	for _, r := range strings.ReplaceAll(s, joint, " ") {
		if strings.ContainsRune("\\`*_{}[]<>#|~&!", r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}
