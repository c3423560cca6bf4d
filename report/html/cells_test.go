package html_test

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"edgebench/report/model"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestCells sorts, filters and copies the table of all cells, and goes from a figure to
// its trials.
func TestCells(t *testing.T) {
	p := openPage(t, render(t, good()))
	p.load(t, "#cells")
	t.Run("sort", func(t *testing.T) { checkSort(t, p) })
	t.Run("filter", func(t *testing.T) { checkFilter(t, p) })
	t.Run("copy", func(t *testing.T) { checkCopy(t, p) })
	t.Run("trials", func(t *testing.T) { checkTrials(t, p) })
	p.quiet(t)
}

// shown is a script for the texts of a column of the rows that are drawn.
func shown(column string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("#cells-body .c-%s")].map(e => e.textContent)`, column)
}

// sortBy is a script that clicks on a heading.
func sortBy(key string) string {
	return fmt.Sprintf(`document.querySelector("[data-sort=%s]").click()`, key)
}

// checkSort sorts up, down and not at all. What has no figure is last in each.
func checkSort(t *testing.T, p *opened) {
	// Rows are drawn in the frame after the scrolling, which may be late.
	const end = `(b => {
		const last = document.getElementById("cells-table").getAttribute("aria-rowcount")
		b.scrollTop = b.scrollHeight
		return new Promise(done => {
			const look = tries => b.querySelector('[aria-rowindex="' + last + '"]') || tries == 0 ? done() : setTimeout(look, 50, tries - 1)
			look(200)
		})
	})(document.getElementById("cells-box"))`
	for _, direction := range []string{"ascending", "descending"} {
		if got := evaluate[string](t, p.ctx, sortBy("figure")+`, document.querySelector("th.c-figure").ariaSort`); got != direction {
			t.Errorf("the order is %q, want %s", got, direction)
		}
		first := evaluate[[]string](t, p.ctx, shown("figure"))
		if len(first) == 0 || strings.HasPrefix(first[0], "n/a") {
			t.Errorf("%s: the first figures are %q", direction, first)
		}
		if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[any](end, chromedp.EvalAwaitPromise)); err != nil {
			t.Fatal(err)
		}
		if last := evaluate[[]string](t, p.ctx, shown("figure")); !strings.HasPrefix(last[len(last)-1], "n/a") {
			t.Errorf("%s: the last figures are %q", direction, last)
		}
	}
	evaluate[any](t, p.ctx, sortBy("figure")+`, null`)
	names := evaluate[[]string](t, p.ctx, sortBy("system")+`, `+shown("system"))
	if !slices.IsSorted(names) {
		t.Errorf("the systems are %q", names)
	}
}

// search is a script that types into the search.
func search(text string) string {
	return fmt.Sprintf(`(e => { e.value = %q; e.dispatchEvent(new Event("input")) })(document.getElementById("cells-search"))`, text)
}

const count = `document.getElementById("cells-count").textContent`

func checkFilter(t *testing.T, p *opened) {
	all := evaluate[string](t, p.ctx, count)
	got := evaluate[[]string](t, p.ctx, search("wasmtime cold rewrite")+`, `+shown("system"))
	if len(got) == 0 || slices.ContainsFunc(got, func(s string) bool { return !strings.HasPrefix(s, "wasmtime/") }) {
		t.Errorf("the filter leaves %q", got)
	}
	if got := evaluate[string](t, p.ctx, search("no such thing")+`, `+count); !strings.HasPrefix(got, "0 of") {
		t.Errorf("a filter that nothing matches leaves %s", got)
	}
	evaluate[any](t, p.ctx, search("")+`, null`)
	const facet = `(e => { e.value = "density"; e.dispatchEvent(new Event("change")) })(document.querySelector("#cells-facets select"))`
	experiments := evaluate[[]string](t, p.ctx, facet+`, `+shown("experiment"))
	if len(experiments) == 0 || slices.ContainsFunc(experiments, func(s string) bool { return s != "density" }) {
		t.Errorf("the facet leaves %q", experiments)
	}
	if hash := evaluate[string](t, p.ctx, `location.hash`); !strings.Contains(hash, "experiment=density") {
		t.Errorf("the fragment is %q", hash)
	}
	p.load(t, "")
	if got := evaluate[string](t, p.ctx, count); got != all {
		t.Errorf("%s are shown at first, then %s", all, got)
	}
}

// checkCopy reads what was copied: all rows of the filter, whether they are drawn or not.
func checkCopy(t *testing.T, p *opened) {
	p.load(t, "#all=1")
	text := evaluate[string](t, p.ctx, `(() => { let text = ""; navigator.clipboard.writeText = t => { text = t; return Promise.resolve() }
		document.getElementById("cells-copy").click(); return text })()`)
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != len(good().Figures)+1 {
		t.Errorf("%d lines were copied for %d figures", len(lines)-1, len(good().Figures))
	}
	measured := 0
	for _, line := range lines[1:] {
		if line[12] == string(model.Measured) && line[7] != "" {
			measured++
		}
	}
	want := 0
	for _, f := range good().Figures {
		if f.Entry.State == model.Measured {
			want++
		}
	}
	if measured != want {
		t.Errorf("%d of the lines are measured, want %d", measured, want)
	}
}

// checkTrials goes from the answer's first figure to its trials, and back.
func checkTrials(t *testing.T, p *opened) {
	p.load(t, "")
	index := evaluate[int](t, p.ctx, `(a => { a.click(); return Number(a.hash.replace("#trials-", "")) })(document.querySelector(".answers a.figure"))`)
	if err := chromedp.Do(p.ctx, chromedp.WaitVisible("#trials[open] td")); err != nil {
		t.Fatalf("the trials do not open: %v", err)
	}
	f := good().Figures[index]
	if rows := evaluate[int](t, p.ctx, `document.querySelectorAll("#trials tbody tr").length`); rows != f.Entry.Estimate.Trials {
		t.Errorf("%d trials are listed, the figure has %d", rows, f.Entry.Estimate.Trials)
	}
	if title := evaluate[string](t, p.ctx, `document.getElementById("trials-title").textContent`); !strings.Contains(title, f.System.Name) {
		t.Errorf("the trials are those of %q", title)
	}
	if err := chromedp.Do(p.ctx, chromedp.KeyEvent("\x1b"), chromedp.WaitNotPresent("#trials[open]")); err != nil {
		t.Fatalf("the trials do not close: %v", err)
	}
	if hash := evaluate[string](t, p.ctx, `location.hash`); strings.Contains(hash, "trials") {
		t.Errorf("the fragment is %q after the trials were closed", hash)
	}
}

// What is seen of 1,000 cells is drawn, and nothing else.
func TestManyCellsAreDrawnAsSeen(t *testing.T) {
	p := openPage(t, render(t, many()))
	p.load(t, "")
	type took struct{ Ready, Sort, Filter float64 }
	times := evaluate[took](t, p.ctx, `(() => {
		const time = f => { const from = performance.now(); f(); document.body.offsetHeight; return performance.now() - from }
		return {Ready: performance.getEntriesByType("navigation")[0].domInteractive, Sort: time(() => {`+sortBy("figure")+`}), Filter: time(() => {`+search("wazero cold")+`})}
	})()`)
	t.Logf("interactive after %.0f ms, sorted in %.0f ms, filtered in %.0f ms", times.Ready, times.Sort, times.Filter)
	if rows := evaluate[int](t, p.ctx, search("")+`, document.querySelectorAll("#cells-body tr").length`); rows < 10 || rows > 100 {
		t.Errorf("%d rows are drawn", rows)
	}
	p.quiet(t)
}

// Without script there are the answer, the default figures and one table of all cells.
func TestPageWithoutScript(t *testing.T) {
	p := openPage(t, render(t, good()))
	call(t, p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	p.load(t, "")
	call(t, p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false})
	type seen struct{ Answer, Pictures, Rows, Controls int }
	got := evaluate[seen](t, p.ctx, `(() => { const visible = s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility()).length
		return {Answer: visible("ul.answer li"), Pictures: visible("svg.figure"), Rows: visible("#cells noscript tbody tr"), Controls: visible("#explorer, #cells-live")} })()`)
	cells := 0
	for _, f := range good().Figures {
		if f.Headline {
			cells++
		}
	}
	if got.Answer < 3 || got.Pictures < 5 || got.Rows < cells || got.Controls != 0 {
		t.Errorf("%+v are seen of %d cells", got, cells)
	}
	p.quiet(t)
}
