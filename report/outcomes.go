package report

import (
	"cmp"
	"fmt"
	"slices"

	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// outcomes counts trials, and lists failures, what was left out and warnings.
func outcomes(m *model.Model, v *view.View) {
	m.Counts = counts(v)
	m.Failures = failures(v)
	m.LeftOut = leftOut(v)
	warnings(m, v)
}

func counts(v *view.View) model.Counts {
	var c model.Counts
	recorded := map[int]bool{}
	for _, r := range v.Trials {
		recorded[r.Seq] = true
		switch r.Outcome {
		case results.OK:
			c.OK++
		case results.Unavailable:
			c.Unavailable++
		default:
			c.Failed++
		}
	}
	for _, t := range v.Plan.Trials() {
		switch {
		case !t.Adaptive:
			c.Planned++
			switch tally, _ := v.Tally(t.Cell); {
			case recorded[t.Seq]:
			case tally.GivenUp != "":
				c.GivenUp++
			default:
				c.Missing++
			}
		case recorded[t.Seq]:
			c.Adaptive++
		}
	}
	for _, cell := range v.Cells() {
		if t, _ := v.Tally(cell); t.GivenUp != "" {
			c.GivenUpCells++
		}
	}
	return c
}

// failures groups the trials that failed by cell and reason.
func failures(v *view.View) []model.Failure {
	type group struct {
		results.Cell
		reason string
	}
	at := map[group]int{}
	list := []model.Failure{}
	for _, r := range v.Trials {
		if r.Outcome == results.OK || r.Outcome == results.Unavailable {
			continue
		}
		g := group{r.Cell, r.Error}
		i, known := at[g]
		if !known {
			i = len(list)
			at[g] = i
			list = append(list, model.Failure{
				Cell: r.Cell, Outcome: r.Outcome, Reason: cmp.Or(r.Error, "no reason is recorded"), Seq: r.Seq,
			})
		}
		list[i].Trials++
		list[i].Seq = min(list[i].Seq, r.Seq)
	}
	slices.SortStableFunc(list, func(x, y model.Failure) int { return cmp.Compare(x.Seq, y.Seq) })
	if len(list) > view.MaxListed {
		v.Warn("%d more groups of failures are not listed; the records have them all", len(list)-view.MaxListed)
		list = list[:view.MaxListed]
	}
	return list
}

// leftOut names systems, artefacts and cells that were not measured.
func leftOut(v *view.View) []model.LeftOut {
	var list []model.LeftOut
	seen := map[model.LeftOut]bool{}
	add := func(what, reason string) {
		l := model.LeftOut{What: what, Reason: reason}
		if reason != "" && !seen[l] {
			seen[l] = true
			list = append(list, l)
		}
	}
	for _, s := range v.Systems {
		add(s.Name, s.Unavailable)
	}
	for _, a := range v.Env.Artefacts {
		add(fmt.Sprintf("%s (%s)", a.Artefact, a.Kind), a.Unavailable)
	}
	for _, c := range v.Cells() {
		if t, _ := v.Tally(c); t.Unavailable > 0 && t.OK == 0 && v.Found(c.System).Unavailable == "" {
			add(fmt.Sprintf("%s, %s", c.System, c.Artefact), t.UnavailableReason)
		}
	}
	if n := len(list); n > view.MaxListed {
		v.Warn("%d more things were left out; the environment and the records name them", n-view.MaxListed)
		list = list[:view.MaxListed]
	}
	return list
}

// warnings adds the warnings about the run, and each distinct warning of the
// records once.
func warnings(m *model.Model, v *view.View) {
	if v.Plan.Run != "" && v.Env.Run != "" && v.Plan.Run != v.Env.Run {
		v.Warn("the plan is of run %s, the environment of run %s", v.Plan.Run, v.Env.Run)
	}
	foreign := 0
	times := map[string]int{}
	var order []string
	for _, r := range v.Trials {
		if m.Run != "" && r.Run != m.Run {
			foreign++
		}
		for _, w := range r.Warnings {
			if times[w.Text] == 0 {
				order = append(order, w.Text)
			}
			times[w.Text]++
		}
	}
	if foreign > 0 {
		v.Warn("%d records are of another run than %s", foreign, m.Run)
	}
	for i, w := range order {
		if i == view.MaxListed {
			v.Warn("%d more warnings are in the records", len(order)-i)
			break
		}
		v.Warn("%s (%s)", w, format.Plural(times[w], "trial"))
	}
	if c := m.Counts; c.Missing > 0 {
		v.Warn("%s of %d planned have no record: resume the run to complete it", format.Plural(c.Missing, "trial"), c.Planned)
	}
}
