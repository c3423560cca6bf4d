package report

import (
	"cmp"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/results"
)

// plainBuild is what a build is set beside: rust for rust+snapshot. It is false
// for a plain build.
func plainBuild(language string) (string, bool) {
	plain, _, apart := strings.Cut(language, "+")
	return plain, apart && plain != ""
}

// couple is a row of a pairing with the samples that it is made of.
type couple struct {
	PairingRow
	apart, base *stat.Sample
}

// pairings sets builds side by side that differ in one thing.
func (b *builder) pairings() []Pairing {
	var order []place // one of each pairing, for its workload and build
	couples := map[[2]string][]couple{}
	for _, p := range b.places {
		plain, ok := plainBuild(p.cell.Language)
		if !ok {
			continue
		}
		key := [2]string{p.cell.Workload, p.cell.Language}
		if found := b.couples(p, plain); len(found) > 0 {
			if couples[key] == nil {
				order = append(order, p)
			}
			couples[key] = append(couples[key], found...)
		}
	}
	if len(order) > maxListed {
		b.warn("%d more pairs of builds are not shown; the records have them all", len(order)-maxListed)
		order = order[:maxListed]
	}
	var list []Pairing
	for _, p := range order {
		list = append(list, b.pairing(p.cell, couples[[2]string{p.cell.Workload, p.cell.Language}]))
	}
	return list
}

// pairing puts the rows in order, by quantity and then by system, and fills in
// the ratios.
func (b *builder) pairing(c results.Cell, couples []couple) Pairing {
	plain, _ := plainBuild(c.Language)
	x := Pairing{
		ID: b.anchor("builds-" + c.Workload + "-" + c.Language), Title: c.Workload + " in " + c.Language + " beside " + plain,
		Workload: c.Workload, Base: plain, Apart: c.Language,
	}
	first := map[string]int{} // the place of each quantity
	for _, c := range couples {
		if _, known := first[c.What]; !known {
			first[c.What] = len(first)
		}
	}
	slices.SortStableFunc(couples, func(x, y couple) int {
		return cmp.Or(cmp.Compare(first[x.What], first[y.What]), cmp.Compare(b.systemIndex(x.System), b.systemIndex(y.System)))
	})
	couples = couples[:min(len(couples), maxRows)]
	x.Rows = make([]PairingRow, len(couples))
	parallel(len(couples), func(i int) {
		x.Rows[i] = couples[i].PairingRow
		if ratio, err := stat.Ratio(couples[i].apart, couples[i].base); err == nil {
			x.Rows[i].Ratio = &ratio
		}
	})
	return x
}

func (b *builder) systemIndex(s System) int {
	return slices.IndexFunc(b.model.Systems, func(known System) bool { return known.Name == s.Name })
}

// couples has one for each quantity that both builds have at a place.
func (b *builder) couples(p place, plain string) []couple {
	q := p
	q.cell.Language = plain
	var list []couple
	for _, x := range quantities(p) {
		base, ok := b.summary[q.key(x.metric)]
		apart, both := b.summary[p.key(x.metric)]
		if !ok || !both {
			continue
		}
		list = append(list, couple{
			PairingRow: PairingRow{
				What: x.what, Explanation: x.explanation, Base: base.Median, Apart: apart.Median,
				System: b.system(results.System{Runner: p.cell.Runner, Mode: p.cell.Mode}),
			},
			apart: b.sample(p.key(x.metric)), base: b.sample(q.key(x.metric)),
		})
	}
	return list
}

// quantity is what builds are compared by.
type quantity struct{ metric, what, explanation string }

// quantities of a place, the headline of each experiment.
func quantities(p place) []quantity {
	cell := p.cell
	switch p.experiment {
	case results.ColdStart:
		what := string(cell.Rung)
		if c := p.conditions.Get(results.PageCache); c != "" && c != "warm" {
			what += ", page cache " + c
		}
		return []quantity{{results.FirstResponse, what, "time to the first verified response " + rungMeaning(cell.Rung)}}
	case results.Throughput:
		l := loadOf(p)
		return []quantity{{results.RequestRate, l.label(), "verified responses a second in a closed loop, " + l.meaning()}}
	case results.Memory:
		return []quantity{{stat.PerInstance(results.ProportionalSetSize), "PSS an instance", "growth of the sum of proportional set sizes for each further live instance"}}
	case results.Size:
		return []quantity{
			{results.ArtefactSize, "shipped", "size of what is sent to a node, uncompressed"},
			{results.PreparedSize, "kept on disk", "size of what a node keeps on disk"},
		}
	}
	return nil
}
