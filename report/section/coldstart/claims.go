package coldstart

import (
	"fmt"
	"slices"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// claim is a published one on cold starts, with what tests it: a phase of a rung.
type claim struct {
	// words are the claim, source says who makes it and where.
	words, source string
	// bound is what the median of the phase must meet. "About" allows a factor of two.
	bound compare.Bound
	rung  results.Rung
	phase string
	// artefact that the claim is tested with, which the source does not name.
	artefact results.Artefact
	// systems are those that the claim is about. A run need not have them.
	systems []results.System
}

// about is the bound of a claim of about so many seconds.
func about(seconds float64) compare.Bound {
	least, below := seconds/2, seconds*2
	return compare.Bound{AtLeast: &least, Below: &below}
}

// claims are those that are tested, in the order in which they are shown. Each was
// read at its source:
//   - fastly.com/blog/announcing-lucet-fastly-native-webassembly-compiler-runtime,
//     which compares its 50 µs with the 5 ms of Chromium's V8; infoq.com/news/2019/04
//     repeats both;
//   - github.com/bytecodealliance/componentize-py/issues/142, nearly empty components
//     on a laptop;
//   - github.com/samyfodil/wazy, README of v0.6.0: a module of TinyGo.
func claims() []claim {
	rewrite := results.Artefact{Workload: "rewrite", Build: "c"}
	component := func(language string) results.Artefact {
		return results.Artefact{Workload: "api", Build: language + "+component"}
	}
	on := func(runner string, modes ...string) (list []results.System) {
		for _, m := range modes {
			list = append(list, results.System{Runner: runner, Mode: m})
		}
		return list
	}
	wasmtime, componentize := on("wasmtime", "aot", "aot-pooling"), "componentize-py#142, 2025"
	return []claim{
		{"V8 instantiates a program in about 5 ms", "Fastly on Lucet, 2019", about(5e-3),
			results.Pooled, "instantiate", rewrite, slices.Concat(on("v8", "isolate"), on("workerd", "isolate"))},
		{"a module compiled ahead is instantiated in less than 50 µs", "Fastly on Lucet, 2019", compare.Below(50e-6),
			results.Pooled, "instantiate", rewrite, slices.Concat(wasmtime, on("wazero", "compiler"))},
		{"a component of Rust loads in about 50 ms", componentize, about(50e-3),
			results.Cold, "compile", component("rust"), on("wasmtime", "component-jit")},
		{"a component of JavaScript loads in about 800 ms", componentize, about(800e-3),
			results.Cold, "compile", component("javascript"), on("wasmtime", "component-jit")},
		{"a module of 37 KB is instantiated in about 1.7 µs", "README of wazy, 2026", about(1.7e-6),
			results.Pooled, "instantiate", rewrite, on("wazy", "compiler")},
	}
}

// claimed lists the claims with their verdicts.
func claimed(v *view.View) *model.List {
	l := &model.List{
		ID: "claims", Title: "Published claims",
		Columns: []model.Column{
			{Label: "Claim"}, {Label: "Source"},
			{Label: "Tested by", Explanation: "the phase, the rung and the artefact; the source need not have used the same"},
			{Label: "Measured", Explanation: "median of the phase with its 95 % interval", Unit: results.Seconds}, {Label: "Verdict"},
		},
		Legend: "a claim holds if the 95 % interval is within its bound; about means within a factor of two; the machines differ",
	}
	for _, c := range claims() {
		for _, s := range c.systems {
			l.Items = append(l.Items, c.item(v, s))
		}
	}
	return l
}

// item is a claim's line for one system.
func (c claim) item(v *view.View, s results.System) model.Item {
	tested := fmt.Sprintf("%s on the rung %s, %s in %s", c.phase, c.rung, c.artefact.Workload, c.artefact.Build)
	measured, verdict, line := "–", string(compare.Unmeasured), ""
	if cell, ok := c.cell(v, s); ok {
		if part, ok := v.Summary(stat.Key{Cell: cell, Metric: stat.PhasePrefix + c.phase}); ok {
			judged, reason := c.bound.Judge(part.Median)
			measured, verdict = format.Estimated(part.Median), string(judged)
			line = ": " + measured
			if judged == compare.Undecided {
				verdict += " (" + reason.String() + ")"
			}
		}
	}
	return model.Item{
		System: v.System(s), State: model.Measured,
		Cells: []string{c.words, c.source, tested, measured, verdict},
		Line:  fmt.Sprintf("%s (%s): %s; %s", c.words, c.source, verdict, tested) + line,
	}
}

// cell is that of a system with the page cache warm.
func (c claim) cell(v *view.View, s results.System) (results.Cell, bool) {
	cells := v.Cells()
	at := slices.IndexFunc(cells, func(x results.Cell) bool {
		return x.Experiment == coldstart.Name && x.System == s && x.Artefact == c.artefact && x.Rung() == c.rung &&
			x.Params.Get(results.PageCacheParam) != results.PageCacheDropped
	})
	if at < 0 {
		return results.Cell{}, false
	}
	return cells[at], true
}
