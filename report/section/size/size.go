// Package size shows the experiment on sizes: how large artefacts are, and what
// each system keeps of them.
package size

import (
	"cmp"
	"slices"
	"strings"

	"edgebench/bench/experiment/registry"
	"edgebench/bench/experiment/size"
	"edgebench/bench/stat/compare"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
	"edgebench/runners"
)

// Section of the report.
func Section() section.Section {
	return section.Section{
		Experiment: size.Name, Benchmark: "Size",
		Compared:   []string{size.Artefact, size.Compressed, size.Uncompressed, size.Layers, size.Prepared},
		Quantities: quantities, Build: build, Rows: rows, RowOrder: 20,
	}
}

// maxBuilds bounds the columns of a grid that has one for each build.
const maxBuilds = 12

func build(v *view.View) []model.Section {
	s := model.Section{ID: "sizes", Title: "Sizes",
		Intro: "The size of each artefact as built and as stored in a registry, and what a node keeps of it on disk."}
	builds := map[section.Variant][]string{}
	var order []section.Variant
	for _, x := range section.Variants(v, size.Name) {
		all := x
		all.Build = ""
		if builds[all] == nil {
			order = append(order, all)
		}
		builds[all] = append(builds[all], x.Build)
	}
	for _, x := range order {
		sizes := artefacts(v, x)
		s.Elements = append(s.Elements, section.Grids(sizes, network(x, sizes), kept(v, x, builds[x]))...)
	}
	return []model.Section{s}
}

const reading = "Each dot is a size. Further left is smaller."

// kept has a column for each build.
func kept(v *view.View, x section.Variant, builds []string) *model.Grid {
	g := section.NewGrid(size.Name, x, "kept", "Kept on disk")
	g.Picture = &model.Caption{Shows: "bytes that each system keeps on a node's disk, by build", Reading: reading}
	for _, build := range builds[:min(len(builds), maxBuilds)] {
		g.Slots = append(g.Slots, section.Slot{
			Column: model.Column{Label: build, Unit: results.Bytes,
				Explanation: "bytes on a node's disk for the build in " + build + ": compiled code if the runtime stores it, or the unpacked image"},
			Build: build, Params: x.Params, Metric: size.Prepared,
		})
	}
	return g.Fill(v)
}

// artefacts has a row for each artefact that any system has been given.
func artefacts(v *view.View, x section.Variant) *model.Grid {
	g := &model.Grid{
		ID: x.ID("artefacts"), Title: x.Title("Sizes"), Of: x.Subject("Sizes"), Artefacts: true,
		Picture: &model.Caption{Shows: "bytes of each artefact, as built and as a registry holds it", Reading: reading},
		Columns: []model.Column{
			{Label: "size", Explanation: "the file of a module or a binary, the layers of an image as tar", Unit: results.Bytes},
			{Label: "compressed", Explanation: "compressed size as stored in a registry (gzip, level 6)", Unit: results.Bytes},
			{Label: "layers", Explanation: "the number of an image's layers", Unit: results.Count},
		},
	}
	for _, c := range v.Cells() {
		if t, _ := v.Tally(c); c.Experiment != size.Name || c.Workload != x.Workload || c.Params != x.Params || t.OK == 0 {
			continue
		}
		side := view.SideOf(c.Runner)
		row := model.Row{System: model.System{Name: c.Build + " " + shippedAs(v, c), Side: side}}
		known := slices.ContainsFunc(g.Rows, func(r model.Row) bool { return r.System.Name == row.System.Name })
		if !known && len(g.Rows) < view.MaxRows && fill(v, &row, c) {
			g.Rows = append(g.Rows, row)
		}
	}
	if slices.ContainsFunc(g.Rows, func(r model.Row) bool { return strings.HasSuffix(r.System.Name, " "+scratchImage) }) {
		g.Notes = append(g.Notes, "a "+scratchImage+" contains only a binary, in one layer")
	}
	slices.SortStableFunc(g.Rows, func(x, y model.Row) int {
		return cmp.Compare(slices.Index(model.Sides(), x.System.Side), slices.Index(model.Sides(), y.System.Side))
	})
	return g
}

// fill reports false where there is no figure to show.
func fill(v *view.View, row *model.Row, c results.Cell) bool {
	whole := size.Artefact
	if row.System.Side == model.Containers {
		whole = size.Uncompressed
	}
	measured := false
	for _, metric := range []string{whole, size.Compressed, size.Layers} {
		e := v.Entry(c, metric)
		measured = measured || e.State == model.Measured
		row.Entries = append(row.Entries, e)
	}
	return measured
}

// scratchImage holds a binary and nothing else, in one layer.
const scratchImage = "scratch image"

// shippedAs says what an artefact is shipped as. Records without a kind date from
// when only modules and binaries existed.
func shippedAs(v *view.View, c results.Cell) string {
	kind := ""
	for _, r := range v.Records(c) {
		kind = cmp.Or(kind, r.Kind)
	}
	side := view.SideOf(c.Runner)
	switch {
	case kind == string(runners.Script):
		return format.Kind(kind)
	case side == model.Wasm:
		return format.Kind(cmp.Or(kind, string(runners.Wasm)))
	case kind == string(runners.Image), side != model.Containers:
		return format.Kind(cmp.Or(kind, string(runners.Native)))
	}
	return scratchImage
}

func quantities(results.Cell) []section.Quantity {
	return []section.Quantity{
		{Metric: size.Artefact, What: "shipped", Explanation: "size of what is sent to a node, uncompressed"},
		{Metric: size.Prepared, What: "kept on disk", Explanation: "size of what a node keeps on disk"},
	}
}

const mebi = 1 << 20

func rows(v *view.View) []model.TableRow {
	metric, _ := registry.Metric(size.Artefact)
	containers, wasm := compare.AtLeast(10*mebi), compare.Below(5*mebi)
	p := section.Property{
		Name: "image size",
		Claim: model.Claim{Containers: "tens – hundreds of MB", Wasm: "KB – low MB",
			ContainersBound: "≥ 10 MiB", WasmBound: "< 5 MiB"},
		Containers: &containers, Wasm: &wasm,
	}
	return []model.TableRow{p.Row(v, section.Measure{
		Experiment: size.Name, Metric: metric,
		Words: "size of what is shipped to a node, uncompressed: the module, the binary or the image's archive",
	})}
}
