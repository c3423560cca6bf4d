package text

import (
	"fmt"
	"strings"

	"edgebench/report/format"
	"edgebench/report/model"
)

// quality prints how far the figures are to be trusted: the grades, the cells
// that missed the target, and what medians hide.
func (p *page) quality(q *model.Quality) {
	if !q.Shown() {
		return
	}
	p.heading("Quality")
	p.grades(q)
	p.misses(q)
	if len(q.Drift) > 0 {
		p.line("  drift over the run:")
		for _, text := range q.Drift {
			p.paragraph("    ", text)
		}
	}
	if q.Found == 0 {
		return
	}
	p.paragraph("  ", fmt.Sprintf("what the medians of %s hide (no values were removed):", format.Plural(q.Found, "cell")))
	for _, c := range q.Findings {
		p.paragraph("    ", c.Name)
		p.paragraph("      ", strings.Join(c.Lines(), "; "))
	}
	p.more(q.Found - len(q.Findings))
}

func (p *page) grades(q *model.Quality) {
	if q.Target == 0 {
		return
	}
	var counts []string
	for i, letter := range model.Letters() {
		counts = append(counts, fmt.Sprintf("%d %s", q.Graded[i], letter))
	}
	p.paragraph("  grades: ", strings.Join(counts, ", "))
	for _, rule := range q.Rule {
		p.paragraph("    "+rule.Name+"  ", rule.Value)
	}
}

func (p *page) misses(q *model.Quality) {
	if q.Aimed == 0 {
		return
	}
	text := fmt.Sprintf("%d of %s miss it", q.Missed, format.Plural(q.Aimed, "cell"))
	if q.Missed > 0 {
		text += ", the widest first:"
	}
	p.paragraph(fmt.Sprintf("  target of ±%.3g %%: ", q.Target*100), text)
	for _, m := range q.Misses {
		p.paragraph("    "+pad(m.Reach(), len("no interval"), false)+"  ", fmt.Sprintf("%s (n = %d)", m.Name, m.Trials))
	}
	p.more(q.Missed - len(q.Misses))
}

// more says how many lines are not in a bounded list.
func (p *page) more(n int) {
	if n > 0 {
		p.line(fmt.Sprintf("    and %d more", n))
	}
}
