// Package coldstart shows the experiment on cold starts: the ladder, the
// distribution of starts on the table's rung, and what starts consist of.
package coldstart

import (
	"slices"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// tableRung is the rung of the table's cold start: the runtime runs and the
// artefact is prepared on disk. An edge node is in this state when a request
// arrives for a workload that is not live.
const tableRung = results.Cold

// Section of the report.
func Section() section.Section {
	return section.Section{
		Experiment: coldstart.Name, Benchmark: "ColdStart",
		Params: []string{results.RungParam, results.PageCacheParam, results.PlacementParam},
		Beside: starts, Graded: []string{estimate.FirstStart, estimate.LaterStarts},
		Compared: []string{coldstart.FirstResponse, coldstart.Minimum},
		Methods: []string{
			"A cold start ends at the first verified response. A response that is wrong is a failure.",
			"A first start is the first of a trial's process, with one value for each trial. Later starts are all further ones of the process.",
		},
		Quantities: quantities, Build: build, Rows: rows, RowOrder: 10,
	}
}

const explanation = "time to the first verified response "

func build(v *view.View) []model.Section {
	variants := section.Variants(v, coldstart.Name, results.RungParam, results.PlacementParam)
	return []model.Section{
		{ID: "ladder", Title: "Cold start",
			Intro:    "Time to the first verified response, by what already exists when the clock starts.",
			Elements: ladders(v, variants)},
		{ID: "distribution", Title: "Distribution of cold starts",
			Intro:    "The median is not enough: the tail shows how long the slowest starts take.",
			Elements: append(distribution(v), percentiles(v, variants)...)},
		{ID: "phases", Title: "Phases", Intro: "How the time of a start divides into phases.", Elements: phases(v, variants)},
		{ID: "claims", Title: "Published claims",
			Intro:    "What others have published about starts, judged by this run.",
			Elements: []model.Element{{List: claimed(v)}}},
	}
}

// ladders shows the time to the first verified response on each rung.
func ladders(v *view.View, variants []section.Variant) []model.Element {
	var list []model.Element
	for _, x := range variants {
		g := section.NewGrid(coldstart.Name, x, "ladder", "Cold-start ladder")
		g.Ratios = true
		g.Picture = &model.Caption{
			Shows:   "median time to the first verified response",
			Reading: "Each dot is the median of a system's trials on one rung; the line through it is the 95 % interval. Further left is faster. From panel to panel, more is prepared before the clock starts. Where first and later starts have columns of their own, later ones are drawn.",
		}
		for _, r := range results.Rungs() {
			g.Slots = append(g.Slots, slots(v, x, r)...)
		}
		for _, p := range placements(v, x) {
			g.Slots = append(g.Slots, section.Slot{
				Column: model.Column{Label: string(results.Hot) + " " + p, Unit: results.Seconds,
					Explanation: explanation + format.Rung(results.Hot) + placed(p)},
				Params: on(x, results.Hot).With(results.PlacementParam, p), Metric: coldstart.FirstResponse,
			})
		}
		list = append(list, section.Grids(g.Fill(v))...)
	}
	return list
}

// placements lists those of a variant's hot rung, on which the places of harness and
// instance decide.
func placements(v *view.View, x section.Variant) []string {
	var list []string
	for _, p := range []string{results.PlacementSameCore, results.PlacementOtherCore} {
		params := on(x, results.Hot).With(results.PlacementParam, p)
		if slices.ContainsFunc(v.Cells(), func(c results.Cell) bool {
			return c.Experiment == coldstart.Name && c.Artefact == x.Artefact && c.Params == params
		}) {
			list = append(list, p)
		}
	}
	return list
}

// placed says where harness and instance are, "" if the scheduler decides.
func placed(placement string) string {
	switch placement {
	case results.PlacementSameCore:
		return ", harness and instance held on one core"
	case results.PlacementOtherCore:
		return ", harness and instance held on two cores"
	}
	return ""
}

// on gives a variant's parameters on a rung.
func on(x section.Variant, r results.Rung) results.Params {
	return x.Params.With(results.RungParam, string(r))
}

// key is that of a system's first responses on a rung.
func key(x section.Variant, s model.System, r results.Rung) stat.Key {
	return stat.Key{Cell: x.Cell(coldstart.Name, s, on(x, r)), Metric: coldstart.FirstResponse}
}

func quantities(c results.Cell) []section.Quantity {
	what := string(c.Rung())
	if cache := c.Params.Get(results.PageCacheParam); cache != "" && cache != results.PageCacheWarm {
		what += ", page cache " + cache
	}
	placement := c.Params.Get(results.PlacementParam)
	if placement != "" {
		what += " " + placement
	}
	return []section.Quantity{{Metric: coldstart.FirstResponse, What: what, Explanation: explanation + format.Rung(c.Rung()) + placed(placement)}}
}

func rows(v *view.View) []model.TableRow {
	metric, _ := registry.Metric(coldstart.FirstResponse)
	containers, wasm := compare.AtLeast(0.1), compare.Below(0.001)
	p := section.Property{
		Name: "cold start",
		Claim: model.Claim{Containers: "100 ms – seconds", Wasm: "< 1 ms typical",
			ContainersBound: "≥ 100 ms", WasmBound: "< 1 ms"},
		Containers: &containers, Wasm: &wasm,
		Answer: &section.Answer{Verb: "answers its first request after", Again: "after ", Needs: "Such a start takes compiled code on the node's disk"},
		Notes:  []string{"figures are those of the first start of a process; a daemon has run before: its first start is that of an engine which the run starts, or is not measured"},
	}
	return []model.TableRow{p.Row(v, section.Measure{
		Experiment: coldstart.Name, Metric: metric,
		Words:  "time to the first verified response on the rung " + string(tableRung) + ", " + format.Rung(tableRung),
		Fixed:  results.Params("").With(results.RungParam, string(tableRung)),
		Figure: figure,
	})}
}

// figure of the table is the first start of a process, which a node pays and by which
// the claim is judged. A daemon has later ones alone.
func figure(v *view.View, c results.Cell) section.Figure {
	all, first := section.Median(v, c, coldstart.FirstResponse), section.Median(v, c, estimate.FirstStart)
	if first.Entry.State != model.Measured {
		return all
	}
	later := section.Median(v, c, estimate.LaterStarts)
	if later.Entry.State != model.Measured {
		return first
	}
	first.Later = later.Entry
	first.OnlyLater = func(b compare.Bound) bool {
		verdict, _ := later.Judge(b)
		return verdict == compare.Holds
	}
	return first
}
