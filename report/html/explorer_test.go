package html_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/results"

	"github.com/chromedp/chromedp"
)

// TestExplorer makes each choice that the explorer has, and looks at what it draws.
func TestExplorer(t *testing.T) {
	p := openPage(t, render(t, good()))
	p.load(t, "")
	t.Run("kinds", func(t *testing.T) { checkKinds(t, p) })
	t.Run("reference", func(t *testing.T) { checkReference(t, p) })
	t.Run("columns and systems", func(t *testing.T) { checkBoxes(t, p) })
	t.Run("class", func(t *testing.T) { checkClass(t, p) })
	t.Run("axis", func(t *testing.T) { checkAxis(t, p) })
	t.Run("link", func(t *testing.T) { checkLink(t, p) })
	t.Run("hover", func(t *testing.T) { checkHover(t, p) })
	t.Run("keyboard", func(t *testing.T) { checkKeyboard(t, p) })
	p.quiet(t)
}

// A page of hostile records, or of none, works like any other.
func TestOtherPagesInBrowser(t *testing.T) {
	for name, m := range map[string]*model.Model{"hostile": hostile(), "empty": report.Build(results.Plan{}, results.Environment{}, nil)} {
		t.Run(name, func(t *testing.T) {
			p := openPage(t, render(t, m))
			p.load(t, "")
			if ready := evaluate[string](t, p.ctx, `document.documentElement.dataset.ready || ""`); ready != "1" {
				t.Error("the script has not come to its end")
			}
			if injected := evaluate[int](t, p.ctx, `document.querySelectorAll("main script, main img, main a-x").length`); injected > 0 {
				t.Errorf("%d elements come from records", injected)
			}
			for _, figure := range evaluate[[]string](t, p.ctx, figureOptions) {
				evaluate[any](t, p.ctx, choose("#choose-figure", figure)+`, null`)
			}
			p.quiet(t)
		})
	}
}

// figureOptions is a script for the values of the choice of figures.
const figureOptions = `[...document.querySelectorAll("#choose-figure option")].map(o => o.value)`

// checkKinds wants something drawn for each figure that can be chosen, of all kinds.
func checkKinds(t *testing.T, p *opened) {
	kinds := map[string]int{}
	for _, figure := range evaluate[[]string](t, p.ctx, figureOptions) {
		kind := evaluate[string](t, p.ctx, choose("#choose-figure", figure)+`,
			document.querySelector("#figure .dash") ? "lines" : document.querySelector("#figure .parts i") ? "bars" :
			document.querySelector("#figure .point") ? "dots" : document.querySelector("#figure td") ? "table" : ""`)
		if kind == "" {
			t.Errorf("%s shows nothing", figure)
		}
		kinds[kind]++
		if empty := evaluate[int](t, p.ctx, `[...document.querySelectorAll("#figure .panel")].filter(e => !e.querySelector(".row")).length`); empty > 0 {
			t.Errorf("%s has %d empty panels", figure, empty)
		}
	}
	for _, kind := range []string{"dots", "lines", "bars", "table"} {
		if kinds[kind] == 0 {
			t.Errorf("no figure is of the kind %s: %v", kind, kinds)
		}
	}
}

// ladder is the fragment of the ladder of rewrite.
const ladder = "#view=ladder-rewrite-c-page-cache-warm"

// checkReference makes a system the reference by a click, and compares all factors of
// the rung with those of the model's samples.
func checkReference(t *testing.T, p *opened) {
	p.load(t, ladder)
	const reference = "wasmtime/jit"
	evaluate[any](t, p.ctx, fmt.Sprintf(`document.querySelector('#figure [aria-label="deploy"] [data-name=%q]').click()`, reference))
	factors := evaluate[map[string]string](t, p.ctx, `Object.fromEntries([...document.querySelectorAll('#figure [aria-label="deploy"] .row')].map(e => [e.dataset.name, e.dataset.factor]))`)
	samples := map[string]*stat.Sample{}
	for _, s := range good().Export.Samples {
		if s.Metric == coldstart.FirstResponse && s.Workload == "rewrite" && s.Build == "c" && s.Rung() == results.Deploy {
			samples[s.System.String()] = s
		}
	}
	compared := 0
	for name, got := range factors {
		if name == reference {
			continue
		}
		ratio, err := estimate.Ratio(samples[name], samples[reference])
		if err != nil {
			t.Fatal(err)
		}
		if want := format.Factor(ratio, results.Seconds); got != want {
			t.Errorf("%s is %q of the reference, the model has %q", name, got, want)
		}
		compared++
	}
	if compared < 8 {
		t.Errorf("only %d factors were compared", compared)
	}
	if pressed := evaluate[string](t, p.ctx, `document.querySelector('#figure [aria-label="deploy"] [aria-pressed=true]').dataset.name`); pressed != reference {
		t.Errorf("%s is marked as the reference", pressed)
	}
}

// rows is a script for the names in a panel of the figure.
func rows(panel string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('#figure [aria-label=%q] .row')].map(e => e.dataset.name)`, panel)
}

// tick is a script that clicks on the box with a label.
func tick(label string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("#boxes .check")].find(e => e.textContent === %q).querySelector("input").click()`, label)
}

func checkBoxes(t *testing.T, p *opened) {
	p.load(t, ladder)
	if got := evaluate[[]string](t, p.ctx, tick("oci/runc")+`, `+rows("deploy")); slices.Contains(got, "oci/runc") || len(got) < 5 {
		t.Errorf("without oci/runc the rung deploy has %v", got)
	}
	if got := evaluate[int](t, p.ctx, tick("deploy")+`, document.querySelectorAll('#figure [aria-label="deploy"]').length`); got != 0 {
		t.Error("a column that was not chosen is drawn")
	}
	if got := evaluate[[]string](t, p.ctx, tick("oci/runc")+`, `+rows("boot")); !slices.Contains(got, "oci/runc") {
		t.Errorf("oci/runc does not come back: %v", got)
	}
}

// chooseLabelled chooses an option of the select with a label.
func chooseLabelled(label, value string) string {
	return fmt.Sprintf(`(e => { e.value = %q; e.dispatchEvent(new Event("change")) })([...document.querySelectorAll("#choices .choice")].find(e => e.firstChild.textContent === %q).querySelector("select"))`, value, label)
}

func checkClass(t *testing.T, p *opened) {
	p.load(t, ladder)
	got := evaluate[[]string](t, p.ctx, chooseLabelled("Class", "minimal image, no engine")+`, `+rows("deploy"))
	if !slices.Equal(got, []string{"oci/embedded"}) {
		t.Errorf("the class has %v", got)
	}
}

// checkAxis wants places that are proportional to values on a linear axis, and not on a
// logarithmic one.
func checkAxis(t *testing.T, p *opened) {
	p.load(t, ladder)
	const places = `Object.fromEntries([...document.querySelectorAll('#figure [aria-label="deploy"] .row')].map(e => [e.dataset.name, parseFloat(e.querySelector(".point").style.left)]))`
	log := evaluate[map[string]float64](t, p.ctx, places)
	linear := evaluate[map[string]float64](t, p.ctx, chooseLabelled("Axis", "linear")+`, `+places)
	medians := map[string]float64{}
	for _, s := range good().Export.Summaries {
		if s.Metric == coldstart.FirstResponse && s.Workload == "rewrite" && s.Build == "c" && s.Rung() == results.Deploy {
			medians[s.System.String()] = s.Median.Value
		}
	}
	want := medians["docker/runc-none"] / medians["docker/runc-host"]
	if got := linear["docker/runc-none"] / linear["docker/runc-host"]; got < want*0.99 || got > want*1.01 {
		t.Errorf("on a linear axis the places have the ratio %g, want %g", got, want)
	}
	if log["wazero/interpreter"] < 2*linear["wazero/interpreter"] {
		t.Errorf("a small value is at %g %% on the logarithmic axis, at %g %% on the linear one", log["wazero/interpreter"], linear["wazero/interpreter"])
	}
}

// checkLink wants a link to show what its sender saw.
func checkLink(t *testing.T, p *opened) {
	p.load(t, ladder)
	evaluate[any](t, p.ctx, tick("wasmtime/aot")+`, `+tick("boot")+`, `+chooseLabelled("Reference", "oci/embedded")+`, `+chooseLabelled("Axis", "linear")+`, null`)
	const seen = `document.getElementById("figure").textContent`
	fragment, sent := evaluate[string](t, p.ctx, `location.hash`), evaluate[string](t, p.ctx, seen)
	for _, want := range []string{"view=", "off=wasmtime", "hide=boot", "ref=oci", "scale=linear"} {
		if !strings.Contains(fragment, want) {
			t.Errorf("the fragment %q has no %s", fragment, want)
		}
	}
	p.load(t, fragment)
	if got := evaluate[string](t, p.ctx, seen); got != sent {
		t.Errorf("the link shows\n%s\nthe sender saw\n%s", got, sent)
	}
}

// seenWithFigure is a script that shows the top of a figure, however tall, and asks whether
// the window has room for what is said of it.
const seenWithFigure = `(() => { document.getElementById("figure").scrollIntoView()
	const {top, bottom} = document.getElementById("detail").getBoundingClientRect()
	return top >= 0 && bottom <= innerHeight + 1 })()`

// checkHover points at a row, at a line and at a bar.
func checkHover(t *testing.T, p *opened) {
	const said = `document.getElementById("detail").textContent`
	for _, c := range []struct{ fragment, selector, event, want string }{
		{ladder, `#figure [data-name="wasmtime/aot"]`, "pointerenter", "wasmtime/aot, deploy: "},
		{ladder, `#figure [data-name="wasmtime/aot"]`, "pointerenter", "; 10 trials; p50 "},
		{"#view=distribution", "#figure svg.lines", "pointermove", ": share of starts "},
		{"#view=phases-rewrite-c-page-cache-warm", "#figure .row", "pointerenter", "compile "},
	} {
		p.load(t, c.fragment)
		got := evaluate[string](t, p.ctx, fmt.Sprintf(`(e => { const {x, y} = e.getBoundingClientRect()
			e.dispatchEvent(new PointerEvent(%q, {clientX: x + 200, clientY: y + 100})) })(document.querySelector(%q)), %s`, c.event, c.selector, said))
		if !strings.Contains(got, c.want) {
			t.Errorf("of %s the detail is %q, want %q", c.selector, got, c.want)
		}
		if seen := evaluate[bool](t, p.ctx, seenWithFigure); !seen {
			t.Errorf("of %s the detail is outside of the window that shows the figure's top", c.selector)
		}
	}
}

// checkKeyboard moves to a row by the tabulator and makes it the reference.
func checkKeyboard(t *testing.T, p *opened) {
	p.load(t, ladder)
	evaluate[any](t, p.ctx, `document.querySelector('#figure [aria-label="deploy"] .row').focus(), null`)
	if err := chromedp.Do(p.ctx, chromedp.KeyEvent("\t"), chromedp.KeyEvent("\r")); err != nil {
		t.Fatal(err)
	}
	second := evaluate[[]string](t, p.ctx, rows("deploy"))[1]
	if got := evaluate[string](t, p.ctx, `document.querySelector("#figure [aria-pressed=true]").dataset.name + " " + document.activeElement.dataset.name`); got != second+" "+second {
		t.Errorf("reference and focus are %q, want %s", got, second)
	}
	if detail := evaluate[string](t, p.ctx, `document.getElementById("detail").textContent`); !strings.Contains(detail, second) || !strings.Contains(detail, "95 % interval") {
		t.Errorf("the detail is %q", detail)
	}
}
