package html_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browserTime bounds all that is done in a browser.
const browserTime = 2 * time.Minute

// The minimum contrast of text by WCAG 2.2, success criterion 1.4.3.
const leastContrast = 4.5

// The page is what a browser makes of it: this loads it in one from a file, as
// a reader does, and looks.
func TestPageInBrowser(t *testing.T) {
	p := openPage(t, render(t, good()))
	p.load(t, "")
	t.Run("layout", func(t *testing.T) { checkLayout(t, p.ctx) })
	t.Run("names", func(t *testing.T) { checkNames(t, p.ctx) })
	t.Run("colours", func(t *testing.T) { checkColours(t, p.ctx) })
	t.Run("print", func(t *testing.T) { checkPrint(t, p.ctx) })
	t.Run("widths", func(t *testing.T) { checkWidths(t, p.ctx) })
	p.quiet(t)
}

// opened is a page in a browser.
type opened struct {
	ctx     context.Context
	address string
	heard   func() []string
}

// openPage writes a page to a file and starts a browser for it.
func openPage(t *testing.T, page string) *opened {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	p := &opened{ctx: startBrowser(t), address: u.String()}
	p.heard = listen(t, p.ctx, p.address)
	return p
}

// load goes to the page with a fragment, as from a link.
func (p *opened) load(t *testing.T, fragment string) {
	t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate("about:blank"), chromedp.Navigate(p.address+fragment)); err != nil {
		t.Fatalf("load the page: %v", err)
	}
}

// quiet fails for what a page must not do.
func (p *opened) quiet(t *testing.T) {
	t.Helper()
	for _, message := range p.heard() {
		t.Error(message)
	}
}

// startBrowser returns the context of a tab. The browser has a folder of its
// own, is told to call nobody, and has ended when the test has.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		t.Skip("chromium is not installed: scripts/setup-debian.sh installs it")
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir())}
	for _, flag := range []string{"headless", "disable-gpu", "disable-quic", "no-first-run",
		"disable-background-networking", "disable-component-update", "disable-sync"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	if os.Geteuid() == 0 { // its sandbox refuses root
		options = append(options, chromedp.NoSandbox)
	}
	ctx, stop := context.WithTimeout(context.Background(), browserTime)
	t.Cleanup(stop)
	ctx, stopBrowser := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stopBrowser)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("end the browser: %v", err)
		}
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	return ctx
}

// listen collects what a page must not do: write to the console, throw, break
// its own policy, and ask for anything but itself.
func listen(t *testing.T, ctx context.Context, address string) (heard func() []string) {
	t.Helper()
	var mutex sync.Mutex
	var all []string
	err := chromedp.Listen(ctx, func(event any) {
		message := ""
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			message = fmt.Sprintf("the page wrote to the console: %s", e.Type)
		case *runtime.EventExceptionThrown:
			message = fmt.Sprintf("the page threw: %s %+v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception)
		case *log.EventEntryAdded:
			message = fmt.Sprintf("the browser complains of the page: %s", e.Entry.Text)
		case *network.EventRequestWillBeSent:
			if e.Request.URL != address && e.Request.URL != "about:blank" {
				message = fmt.Sprintf("the page asked for %s", e.Request.URL)
			}
		}
		if message != "" {
			mutex.Lock()
			defer mutex.Unlock()
			all = append(all, message)
		}
	})
	if err != nil {
		t.Fatalf("listen to the browser: %v", err)
	}
	call(t, ctx, runtime.Enable, cdp.Empty{})
	call(t, ctx, log.Enable, cdp.Empty{})
	call(t, ctx, network.Enable, network.EnableParams{})
	return func() []string {
		mutex.Lock()
		defer mutex.Unlock()
		return slices.Clone(all)
	}
}

// call sends one command of the browser's protocol.
func call[P, R any](t *testing.T, ctx context.Context, command cdp.Command[P, R], params P) R {
	t.Helper()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		t.Fatalf("%s: %v", command.Method, err)
	}
	return result
}

// evaluate runs a script in the page and returns its value.
func evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("run %q: %v", script, err)
	}
	return value
}

// checkLayout wants a figure with rows that have an area, tables with a caption, and a
// document that is no wider than its window.
func checkLayout(t *testing.T, ctx context.Context) {
	type box struct{ Width, Height float64 }
	boxes := evaluate[[]box](t, ctx, `[...document.querySelectorAll("#figure .panel, #figure .row, .answers .line")].map(e => {
		const {width, height} = e.getBoundingClientRect(); return {Width: width, Height: height}})`)
	if len(boxes) < 20 {
		t.Errorf("there are %d panels and rows", len(boxes))
	}
	for i, b := range boxes {
		if b.Width < 1 || b.Height < 1 {
			t.Errorf("panel or row %d of %d is %g by %g pixels", i+1, len(boxes), b.Width, b.Height)
		}
	}
	bare := evaluate[int](t, ctx, `[...document.querySelectorAll("table")].filter(e => e.caption === null).length`)
	if bare > 0 {
		t.Errorf("%d tables have no caption", bare)
	}
}

// checkWidths wants no document that is wider than its window, on a phone too, in each
// kind of figure.
func checkWidths(t *testing.T, ctx context.Context) {
	for _, width := range []int64{360, 800, 1280} {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800)); err != nil {
			t.Fatal(err)
		}
		for _, figure := range evaluate[[]string](t, ctx, `[...document.querySelectorAll("#choose-figure option")].map(o => o.value)`) {
			got := evaluate[int64](t, ctx, choose("#choose-figure", figure)+`, document.documentElement.scrollWidth`)
			if got > width {
				t.Errorf("with %q the document is %d pixels wide in a window of %d", figure, got, width)
			}
		}
	}
}

// choose is a script that chooses an option of a select.
func choose(selector, value string) string {
	return fmt.Sprintf(`(e => { e.value = %q; e.dispatchEvent(new Event("change")) })(document.querySelector(%q))`, value, selector)
}

// checkNames wants an accessible name for each picture, table and control, as the
// browser hands it to a screen reader.
func checkNames(t *testing.T, ctx context.Context) {
	nodes := call(t, ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes
	text := func(v *accessibility.Value) string {
		if v == nil {
			return ""
		}
		return string(v.Value)
	}
	count := map[string]int{}
	for _, n := range nodes {
		role := text(n.Role)
		count[role]++
		if slices.Contains([]string{`"figure"`, `"image"`, `"table"`, `"button"`, `"combobox"`, `"checkbox"`, `"searchbox"`}, role) && len(text(n.Name)) < len(`"x"`) {
			t.Errorf("a %s has no name", role)
		}
	}
	if count[`"table"`] < 2 || count[`"combobox"`] < 5 || count[`"checkbox"`] < 10 || count[`"button"`] < 20 {
		t.Errorf("the browser has %v", count)
	}
}

// lowestContrast is a script for the lowest contrast by WCAG 2.2 of any visible
// text with what is painted behind it. Text in pictures is left to their own
// tests: what lies behind it can't be told from styles.
const lowestContrast = `(() => {
	const channels = s => s.match(/[\d.]+/g).map(Number)
	const luminance = s => channels(s).slice(0, 3).map(c => c / 255)
		.map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
		.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
	const solid = s => channels(s).length < 4 || channels(s)[3] === 1
	const behind = e => { while (e.parentElement && !solid(getComputedStyle(e).backgroundColor)) e = e.parentElement; return getComputedStyle(e).backgroundColor }
	let worst = {Contrast: 21, Text: "", Texts: 0}
	for (const e of document.body.querySelectorAll("*")) {
		const own = [...e.childNodes].filter(n => n.nodeType === Node.TEXT_NODE && n.data.trim())
		if (e.closest("svg") || !own.length || !e.checkVisibility()) continue
		const [a, b] = [luminance(getComputedStyle(e).color), luminance(behind(e))].sort((x, y) => y - x)
		const contrast = (a + 0.05) / (b + 0.05)
		worst.Texts++
		if (contrast < worst.Contrast) worst = {...worst, Contrast: contrast, Text: own[0].data.trim()}
	}
	return worst
})()`

// checkColours wants text that can be read in the reader's light and dark, and
// a background that follows them.
func checkColours(t *testing.T, ctx context.Context) {
	type worst struct {
		Contrast float64
		Text     string
		Texts    int
	}
	papers := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		papers[scheme] = evaluate[string](t, ctx, `getComputedStyle(document.body).backgroundColor`)
		w := evaluate[worst](t, ctx, lowestContrast)
		if w.Contrast < leastContrast || w.Texts == 0 {
			t.Errorf("%s: of %d texts %q has a contrast of %.2f, want %g", scheme, w.Texts, w.Text, w.Contrast, leastContrast)
		}
		t.Logf("%s: paper %s, lowest contrast of %d texts %.2f (%q)", scheme, papers[scheme], w.Texts, w.Contrast, w.Text)
	}
	if papers["light"] == papers["dark"] {
		t.Errorf("the background is %s in light and in dark", papers["light"])
	}
}

// A page of a PDF as Chromium writes it; "/Pages" is their list.
var pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)

// checkPrint wants a page on paper.
func checkPrint(t *testing.T, ctx context.Context) {
	pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if err != nil {
		t.Fatalf("print the page: %v", err)
	}
	pages := len(pdfPage.FindAll(pdf, -1))
	if pages == 0 {
		t.Errorf("a PDF of %d bytes has no page", len(pdf))
	}
	t.Logf("printed on %d pages", pages)
}
