package html_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"edgebench/report"
	"edgebench/report/html"
	"edgebench/report/reporttest"
	"edgebench/results"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// axeSource is the script of axe-core, among npm's global packages.
func axeSource(t *testing.T) string {
	t.Helper()
	root, err := exec.Command("npm", "root", "--global").Output()
	if err != nil {
		t.Skip("npm is not installed: scripts/setup-debian.sh installs it")
	}
	source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "axe-core", "axe.min.js"))
	if err != nil {
		t.Skip("axe-core is not installed: scripts/setup-debian.sh installs it")
	}
	return string(source)
}

// barriers is a script for what axe-core finds, a line for each rule and place.
const barriers = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.html.slice(0, 200) + " " + (n.any[0]?.message || n.all[0]?.message || n.none[0]?.message || v.help))))`

// checkBarriers wants no finding of axe-core in the page as it stands.
func checkBarriers(t *testing.T, p *opened, source string) {
	t.Helper()
	evaluate[any](t, p.ctx, source+"; null")
	found, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string](barriers, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("run axe-core: %v", err)
	}
	for _, f := range found[:min(len(found), 10)] {
		t.Error(f)
	}
	if len(found) > 10 {
		t.Errorf("and %d more", len(found)-10)
	}
}

// axe-core finds no barrier in any kind of figure, light and dark, on a phone, and in the
// list of trials.
func TestPageHasNoBarriers(t *testing.T) {
	source := axeSource(t)
	p := openPage(t, render(t, good()))
	for _, c := range []struct {
		name, fragment, scheme string
		width                  int64
	}{
		{"dots", ladder, "light", 1280}, {"dark", ladder, "dark", 1280}, {"phone", ladder, "light", 360},
		{"lines", "#view=distribution", "light", 1280}, {"bars", "#view=phases-rewrite-c-page-cache-warm", "light", 1280},
		{"table", "#view=live-rewrite-c", "light", 1280}, {"trials", "#trials=0", "dark", 1280},
	} {
		t.Run(c.name, func(t *testing.T) {
			call(t, p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: c.scheme}}})
			p.load(t, c.fragment)
			if err := chromedp.Do(p.ctx, chromedp.EmulateViewport(c.width, 900)); err != nil {
				t.Fatal(err)
			}
			checkBarriers(t, p, source)
		})
	}
	p.quiet(t)
}

// A matrix tells its answers apart by signs and words, and says what was seen.
func TestMatrixInBrowser(t *testing.T) {
	p := openPage(t, render(t, reporttest.Matrix()))
	p.load(t, "")
	signs := evaluate[[]string](t, p.ctx, `[...document.querySelectorAll("#figure td.mark")].map(e => e.textContent)`)
	if len(signs) != 9 || !slices.Contains(signs, "✗allowed") || !slices.Contains(signs, "·") {
		t.Errorf("the marks are %q", signs)
	}
	detail := evaluate[string](t, p.ctx, `[...document.querySelectorAll("#figure td.mark button")].find(e => e.textContent === "✗allowed").click(), document.getElementById("detail").textContent`)
	if !strings.Contains(detail, `read "canary" <b>of the host</b>`) {
		t.Errorf("the detail is %q", detail)
	}
	t.Run("colours", func(t *testing.T) { checkColours(t, p.ctx) })
	t.Run("barriers", func(t *testing.T) { checkBarriers(t, p, axeSource(t)) })
	p.quiet(t)
}

// folder is a run of reporttest with a name, slower by a factor in one runner.
func folder(name, runner string, factor float64) *results.Folder {
	plan, env, records := reporttest.Run(1)
	plan.Run, env.Run = name, name
	for i := range records {
		if records[i].Runner == runner && len(records[i].Metrics) > 0 && records[i].Metrics[0].Unit == results.Seconds {
			for j := range records[i].Metrics[0].Values {
				records[i].Metrics[0].Values[j] *= factor
			}
		}
	}
	return &results.Folder{Plan: plan, Environment: env, Records: records}
}

// TestComparisonInBrowser looks at the page of a comparison, which has no script.
func TestComparisonInBrowser(t *testing.T) {
	old, new := folder("old", "", 1), folder("new", "wazero", 1.5)
	new.Environment.Host.Kernel = "6.9"
	var page bytes.Buffer
	if err := html.WriteComparison(&page, report.Compare(old, new, false)); err != nil {
		t.Fatal(err)
	}
	p := openPage(t, page.String())
	p.load(t, "")
	type seen struct {
		Changed, Others, Dots int
		Differences, First    string
	}
	got := evaluate[seen](t, p.ctx, `(() => { const texts = s => [...document.querySelectorAll(s)].map(e => e.textContent)
		return {Changed: texts("#changed > ul > li").length, Others: texts("#others li").length, Dots: texts("#changed .point").length,
			Differences: texts("#differences td").join(" "), First: texts("#changed > ul > li .change")[0]} })()`)
	if got.Changed < 5 || got.Others < 5 || got.Dots < 100 {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(got.Differences, "6.9") || !strings.Contains(got.First, "wazero") || !strings.Contains(got.First, "× longer") {
		t.Errorf("the differences are %q, the first change is %q", got.Differences, got.First)
	}
	for _, width := range []int64{360, 1280} {
		if err := chromedp.Do(p.ctx, chromedp.EmulateViewport(width, 900)); err != nil {
			t.Fatal(err)
		}
		if got := evaluate[int64](t, p.ctx, `document.documentElement.scrollWidth`); got > width {
			t.Errorf("the document is %d pixels wide in a window of %d", got, width)
		}
	}
	t.Run("colours", func(t *testing.T) { checkColours(t, p.ctx) })
	t.Run("barriers", func(t *testing.T) { checkBarriers(t, p, axeSource(t)) })
	p.quiet(t)
}

// TestHistoryInBrowser looks at the page of a history, which has no script.
func TestHistoryInBrowser(t *testing.T) {
	folders := []*results.Folder{folder("first", "", 1), folder("second", "wazero", 1.5), folder("third", "", 1)}
	for i, f := range folders {
		f.Environment.At = f.Environment.At.Add(time.Duration(i) * time.Hour)
	}
	folders[2].Environment.Host.CPU = "Another CPU"
	cells, err := report.ParseSelector("experiment=coldstart rung=cold")
	if err != nil {
		t.Fatal(err)
	}
	h, err := report.BuildHistory(folders, cells)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := html.WriteHistory(&page, h); err != nil {
		t.Fatal(err)
	}
	p := openPage(t, page.String())
	p.load(t, "")
	type seen struct {
		Runs, Pictures, Machines int
		Change                   string
	}
	got := evaluate[seen](t, p.ctx, `(() => { const all = s => [...document.querySelectorAll(s)].map(e => e.textContent)
		return {Runs: all("#runs tbody tr").length, Pictures: all("#changed svg").length, Machines: all("#machines thead th").length, Change: all(".change")[0]} })()`)
	if got.Runs != 3 || got.Pictures == 0 || got.Machines != 3 || !strings.Contains(got.Change, "slower run 2: 1.5") || !strings.Contains(got.Change, "× longer [") {
		t.Errorf("%+v", got)
	}
	for _, c := range []struct {
		scheme string
		width  int64
	}{{"light", 360}, {"dark", 1280}, {"light", 1280}} {
		call(t, p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: c.scheme}}})
		if err := chromedp.Do(p.ctx, chromedp.EmulateViewport(c.width, 900)); err != nil {
			t.Fatal(err)
		}
		if got := evaluate[int64](t, p.ctx, `document.documentElement.scrollWidth`); got > c.width {
			t.Errorf("the document is %d pixels wide in a window of %d", got, c.width)
		}
		checkBarriers(t, p, axeSource(t))
	}
	t.Run("colours", func(t *testing.T) { checkColours(t, p.ctx) })
	p.quiet(t)
}
