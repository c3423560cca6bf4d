package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"edgebench/results"
	"edgebench/runners"
)

// maxLanguages bounds the columns of a grid that has one for each build.
const maxLanguages = 12

// sizes shows, for each workload, how large its artefacts are, and what each
// system keeps of them.
func (b *builder) sizes() []Grid {
	var list []Grid
	languages := map[variant][]string{}
	var order []variant
	for _, v := range b.variants(results.Size) {
		all := variant{workload: v.workload, conditions: v.conditions}
		if languages[all] == nil {
			order = append(order, all)
		}
		languages[all] = append(languages[all], v.language)
	}
	for _, v := range order {
		if g := b.artefacts(v); len(g.Rows) > 0 {
			list = append(list, g)
		}
		list = append(list, b.kept(v, languages[v]))
	}
	return list
}

// kept has a column for each build.
func (b *builder) kept(v variant, languages []string) Grid {
	spec := gridSpec{
		id: v.id("kept"), title: "Kept on disk of " + v.workload, experiment: results.Size,
		workload: v.workload, conditions: v.conditions.String(),
	}
	for _, language := range languages[:min(len(languages), maxLanguages)] {
		spec.slots = append(spec.slots, slot{
			Column: Column{Label: language, Unit: results.Bytes,
				Explanation: "what a node keeps on disk of the build in " + language + ": compiled code where a runtime keeps it, the unpacked image"},
			language: language, rungs: anyRung(), conditions: v.conditions, metric: results.PreparedSize,
		})
	}
	return b.fill(spec)
}

// artefacts has a row for each artefact that any system has been given.
func (b *builder) artefacts(v variant) Grid {
	g := Grid{
		ID: b.anchor(v.id("artefacts")), Title: "Sizes of " + v.workload, Artefacts: true,
		Workload: v.workload, Conditions: v.conditions.String(),
		Columns: []Column{
			{"size", "the file of a module or a binary, the layers of an image as tar", results.Bytes},
			{"compressed", "what a registry would hold of it, by gzip at level 6", results.Bytes},
			{"layers", "the number of an image's layers", results.Count},
		},
	}
	for _, p := range b.places {
		if p.experiment != results.Size || p.cell.Workload != v.workload || p.conditions != v.conditions || b.tallies[p].ok == 0 {
			continue
		}
		side := sideOf(p.cell.Runner)
		row := Row{System: System{Name: p.cell.Language + " " + b.form(p, side), Side: side}}
		known := slices.ContainsFunc(g.Rows, func(r Row) bool { return r.System.Name == row.System.Name })
		if !known && len(g.Rows) < maxRows && b.fillArtefact(&row, p) {
			g.Rows = append(g.Rows, row)
		}
	}
	if slices.ContainsFunc(g.Rows, func(r Row) bool { return strings.HasSuffix(r.System.Name, " "+scratchImage) }) {
		g.Notes = append(g.Notes, "a "+scratchImage+" holds a binary alone, in one layer")
	}
	slices.SortStableFunc(g.Rows, func(x, y Row) int {
		return cmp.Compare(slices.Index(Sides(), x.System.Side), slices.Index(Sides(), y.System.Side))
	})
	return g
}

// fillArtefact reports false where there is no figure to show.
func (b *builder) fillArtefact(row *Row, p place) bool {
	size := results.ArtefactSize
	if row.System.Side == Containers {
		size = results.UncompressedSize
	}
	measured := false
	for _, metric := range []string{size, results.CompressedSize, results.Layers} {
		e := b.entry(p, metric)
		measured = measured || e.State == Measured
		row.Entries = append(row.Entries, e)
	}
	return measured
}

// scratchImage holds a binary and nothing else, in one layer.
const scratchImage = "scratch image"

// form is what an artefact is shipped as. Records that do not say of which kind
// it was are of a time when modules and binaries were all there was.
func (b *builder) form(p place, side Side) string {
	kind := ""
	for _, r := range b.at(p) {
		kind = cmp.Or(kind, r.Facts[results.ArtefactKind])
	}
	switch {
	case side == Wasm:
		return kindWord(string(runners.Wasm))
	case kind == string(runners.Image), side != Containers:
		return kindWord(cmp.Or(kind, string(runners.Native)))
	}
	return scratchImage
}

// kindWord names a kind of artefact for people.
func kindWord(kind string) string {
	switch runners.Kind(kind) {
	case runners.Wasm:
		return "module"
	case runners.Native:
		return "binary"
	}
	return kind
}

// largerImages notes how large the images in the run are that hold more than a
// binary.
func (b *builder) largerImages() []string {
	var notes []string
	for _, p := range b.places {
		if p.experiment != results.Size || sideOf(p.cell.Runner) != Containers {
			continue
		}
		unpacked, ok := b.summary[p.key(results.UncompressedSize)]
		compressed, both := b.summary[p.key(results.CompressedSize)]
		if !ok || !both || b.form(p, Containers) == scratchImage {
			continue
		}
		note := fmt.Sprintf("the image of %s in %s is %s large, %s compressed", p.cell.Workload, p.cell.Language,
			Quantity(unpacked.Median.Value, results.Bytes), Quantity(compressed.Median.Value, results.Bytes))
		if !slices.Contains(notes, note) && len(notes) < maxLanguages {
			notes = append(notes, note)
		}
	}
	return notes
}
