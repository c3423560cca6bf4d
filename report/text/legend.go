package text

import (
	"fmt"
	"strings"

	"edgebench/report/format"
	"edgebench/report/model"
)

// legend says what is missing in the table and how it is to be read.
func (b *brief) legend(m *model.Model) {
	for i, n := range b.notes.list {
		b.short(fmt.Sprintf("  [%d] ", i+1), n)
	}
	if lost := lostOf(m.Counts); lost != "" {
		b.paragraph("  ", fmt.Sprintf("of %s %s; none of these is in a figure", format.Plural(m.Counts.Planned+m.Counts.Adaptive, "trial"), lost))
	}
	b.trust(m)
	if list := releases(m.Table.Systems); len(list) > 0 {
		b.paragraph("  ", strings.Join(list, "; ")+"; "+oldMark+" marks old releases")
	}
	for _, n := range m.Table.Notes {
		b.paragraph("  ", n)
	}
	b.paragraph("  ", "n = trials, where they are too few for an interval; ≥ marks what ended at a budget and not at a limit")
	b.paragraph("  ", "how each figure was obtained, and the ratios: benchrun report DIR")
}

// trust says how many trials were disturbed, what missed the target, and how
// to read the grades.
func (b *brief) trust(m *model.Model) {
	q := &m.Quality
	var parts []string
	if q.Disturbed > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s were disturbed, %d of them replaced by adaptive ones", q.Disturbed, format.Plural(q.Watched, "trial"), q.Replaced))
	}
	if q.Missed > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s miss the target", q.Missed, format.Plural(q.Aimed, "cell")))
	}
	if len(parts) > 0 {
		b.paragraph("  ", strings.Join(parts, "; "))
	}
	if b.graded {
		b.paragraph("  ", q.GradeLegend())
	}
}

// lostOf counts the trials without a figure, "" where each has one.
func lostOf(c model.Counts) string {
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{{c.Failed, "failed"}, {c.Unavailable, "could not be tried here"}, {c.Missing, "have no record"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	if c.GivenUp > 0 {
		parts = append(parts, c.NotBegun())
	}
	return strings.Join(parts, ", ")
}
