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
	b.paragraph("  ", trust(m))
	if line := m.CostsLine(); line != "" {
		b.paragraph("  ", line)
	}
	var signs []string
	if b.bounded {
		signs = append(signs, "≥ ended at a budget")
	}
	if b.few {
		signs = append(signs, "n = trials, too few for an interval")
	}
	if list := oldReleases(m.Table.Systems); len(list) > 0 {
		signs = append(signs, oldMark+" old release: "+strings.Join(list, ", "))
	}
	if len(signs) > 0 {
		b.paragraph("  ", strings.Join(signs, "; "))
	}
	b.paragraph("  ", "all classes, versions, ratios, and how each was measured: benchrun report DIR")
}

// oldReleases names each version that is old, once.
func oldReleases(systems []model.System) (list []string) {
	seen := map[string]bool{}
	for _, s := range systems {
		if s.Old && !seen[s.Runner+s.Version] {
			seen[s.Runner+s.Version] = true
			list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s of %s", s.Runner, s.Version, s.Released)))
		}
	}
	return list
}

// trust says how many trials a run has, and what of them is not in a figure.
func trust(m *model.Model) string {
	c, q := m.Counts, &m.Quality
	parts := []string{format.Plural(c.Planned+c.Adaptive, "trial")}
	if q.Disturbed > 0 {
		text := fmt.Sprintf("%d disturbed", q.Disturbed)
		if q.Replaced > 0 {
			text += fmt.Sprintf(" (%d replaced)", q.Replaced)
		}
		parts = append(parts, text)
	}
	for _, part := range []struct {
		n    int
		what string
	}{{c.Failed, "failed"}, {c.Unavailable, "could not be tried here"}, {c.Missing, "without a record"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	if c.GivenUp > 0 {
		parts = append(parts, c.NotBegun())
	}
	text := strings.Join(parts, ", ")
	if q.Missed > 0 {
		text += fmt.Sprintf("; %d of %s miss the target of ±%.3g %%", q.Missed, format.Plural(q.Aimed, "cell"), q.Target*100)
	}
	return text
}
