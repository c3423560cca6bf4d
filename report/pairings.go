package report

import (
	"cmp"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/section/registry"
	"edgebench/report/view"
	"edgebench/results"
	"edgebench/runners"
)

// plainBuild returns the build that a build is compared with: rust for
// rust+snapshot. It returns false for a plain build.
func plainBuild(build string) (string, bool) {
	plain, _, apart := strings.Cut(build, "+")
	return plain, apart && plain != ""
}

// couple is a row of a pairing with the samples that it is made of.
type couple struct {
	model.PairRow
	apart, base *stat.Sample
}

// builds compares builds that differ in one thing.
func builds(v *view.View) model.Section {
	var order []results.Artefact
	couples := map[results.Artefact][]couple{}
	for _, c := range v.Cells() {
		plain, ok := plainBuild(c.Build)
		if !ok {
			continue
		}
		if found := couplesOf(v, c, plain); len(found) > 0 {
			if couples[c.Artefact] == nil {
				order = append(order, c.Artefact)
			}
			couples[c.Artefact] = append(couples[c.Artefact], found...)
		}
	}
	if len(order) > view.MaxListed {
		v.Warn("%d more pairs of builds are not shown; the records have them all", len(order)-view.MaxListed)
		order = order[:view.MaxListed]
	}
	s := model.Section{ID: "builds", Title: "Builds side by side",
		Intro: "Builds of one workload that differ in one thing, measured in the same run."}
	for _, a := range order {
		s.Elements = append(s.Elements, model.Element{Pairs: pairs(v, a, couples[a])})
	}
	return s
}

// pairs puts the rows in order, by quantity and then by system, and fills in the
// ratios.
func pairs(v *view.View, a results.Artefact, couples []couple) *model.Pairs {
	plain, _ := plainBuild(a.Build)
	x := &model.Pairs{
		ID: section.Anchor("builds-" + a.Workload + "-" + a.Build), Title: a.String() + " beside " + plain,
		Workload: a.Workload, Base: plain, Apart: a.Build,
	}
	first := map[string]int{} // the place of each quantity
	for _, c := range couples {
		if _, known := first[c.What]; !known {
			first[c.What] = len(first)
		}
	}
	slices.SortStableFunc(couples, func(x, y couple) int {
		return cmp.Or(cmp.Compare(first[x.What], first[y.What]),
			cmp.Compare(v.SystemIndex(x.System.Of()), v.SystemIndex(y.System.Of())))
	})
	couples = couples[:min(len(couples), view.MaxRows)]
	x.Rows = make([]model.PairRow, len(couples))
	view.Parallel(len(couples), func(i int) {
		x.Rows[i] = couples[i].PairRow
		x.Rows[i].Ratio = view.Ratio(couples[i].apart, couples[i].base)
	})
	return x
}

// couplesOf has one for each quantity that both builds have in a cell. A component stands
// beside the module in the mode that does the same with modules.
func couplesOf(v *view.View, c results.Cell, plain string) []couple {
	quantities := registry.Find(c.Experiment).Quantities
	if quantities == nil {
		return nil
	}
	other := c
	other.Build, other.Mode = plain, runners.ModuleMode(c.Mode)
	var list []couple
	for _, q := range quantities(c) {
		a, b := stat.Key{Cell: c, Metric: q.Metric}, stat.Key{Cell: other, Metric: q.Metric}
		apart, ok := v.Summary(a)
		base, both := v.Summary(b)
		if !ok || !both {
			continue
		}
		list = append(list, couple{
			PairRow: model.PairRow{
				What: q.What, Explanation: q.Explanation, Base: base.Median, Apart: apart.Median, System: v.System(c.System),
			},
			apart: v.Sample(a), base: v.Sample(b),
		})
	}
	return list
}
