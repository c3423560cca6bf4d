package report

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"

	"edgebench/bench/stat"
	"edgebench/results"
)

// maxReasons is how many of what disturbed trials are named.
const maxReasons = 4

// disturbances counts the trials that something disturbed, and by what.
func (b *builder) disturbances(q *Quality) {
	var all causes
	for _, r := range b.records {
		if r.Outcome != results.OK {
			continue
		}
		if len(r.Machine) > 0 || len(r.Disturbed) > 0 {
			q.Watched++
		}
		if len(r.Disturbed) > 0 {
			q.Disturbed++
			all.add(r.Disturbed)
		}
	}
	q.Replaced = q.Disturbed
	for _, r := range b.counted {
		if r.Outcome == results.OK && len(r.Disturbed) > 0 {
			q.Replaced--
		}
	}
	q.Reasons = all.top(maxReasons)
	q.Shared, q.Paced = b.samples.Paces()
}

// figureIn finds the first number of a sentence.
var figureIn = regexp.MustCompile(`\d{1,9}(\.\d{1,9})?`)

// causes are sentences that differ in one figure, taken together.
type causes struct {
	list []cause
	at   map[string]int
}

type cause struct {
	// before and after the figure; least and greatest are as they were printed.
	before, after   string
	least, greatest string
	trials          int
}

// add counts the sentences on one trial, each kind once.
func (x *causes) add(sentences []string) {
	if x.at == nil {
		x.at = map[string]int{}
	}
	seen := map[int]bool{}
	for _, s := range sentences {
		before, figure, after := s, "", ""
		if at := figureIn.FindStringIndex(s); at != nil {
			before, figure, after = s[:at[0]], s[at[0]:at[1]], s[at[1]:]
		}
		kind := before + "\x00" + after // no sentence has that, they are cleaned
		i, known := x.at[kind]
		if !known {
			i = len(x.list)
			x.at[kind] = i
			x.list = append(x.list, cause{before: before, after: after, least: figure, greatest: figure})
		}
		r := &x.list[i]
		if compareFigures(figure, r.least) < 0 {
			r.least = figure
		}
		if compareFigures(figure, r.greatest) > 0 {
			r.greatest = figure
		}
		if !seen[i] {
			r.trials++
			seen[i] = true
		}
	}
}

func compareFigures(a, b string) int {
	value := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil { // a sentence without a figure
			return 0
		}
		return v
	}
	return cmp.Compare(value(a), value(b))
}

// top gives the most frequent.
func (x *causes) top(n int) []Reason {
	slices.SortStableFunc(x.list, func(a, b cause) int { return cmp.Compare(b.trials, a.trials) })
	var list []Reason
	for _, r := range x.list[:min(n, len(x.list))] {
		figure := r.least
		if r.greatest != r.least {
			figure += " to " + r.greatest
		}
		list = append(list, Reason{Text: r.before + figure + r.after, Trials: r.trials})
	}
	return list
}

// disturbedAt counts, by place, the trials that count in figures, those of
// them that were disturbed, and those that were watched.
func (b *builder) disturbedAt() map[place]watch {
	list := map[place]watch{}
	for _, r := range b.counted {
		if r.Outcome != results.OK {
			continue
		}
		p := place{r.Experiment, r.Cell, stat.NewConditions(r.Conditions)}
		w := list[p]
		w.counted++
		if len(r.Disturbed) > 0 {
			w.disturbed++
		}
		if len(r.Machine) > 0 || len(r.Disturbed) > 0 {
			w.watched++
		}
		list[p] = w
	}
	return list
}

type watch struct{ counted, disturbed, watched int }
