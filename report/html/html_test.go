package html_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"edgebench/report"
	"edgebench/report/html"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/results"

	parser "golang.org/x/net/html"
)

// The models that tests share; nothing changes a model.
var (
	good    = sync.OnceValue(func() *model.Model { return report.Build(reporttest.Run(1)) })
	hostile = sync.OnceValue(func() *model.Model { return report.Build(reporttest.Hostile()) })
	many    = sync.OnceValue(func() *model.Model { return report.Build(reporttest.Many(1000, 20)) })
)

func render(t *testing.T, m *model.Model) string {
	t.Helper()
	var b bytes.Buffer
	if err := html.Write(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// elements calls f for every element of a page, as it is without script.
func elements(t *testing.T, page string, f func(*parser.Node)) {
	t.Helper()
	root, err := parser.ParseWithOptions(strings.NewReader(page), parser.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == parser.ElementNode {
			f(n)
		}
	}
}

func attribute(n *parser.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *parser.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == parser.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// Nothing is loaded and nothing but the page's own script can act, whoever wrote the
// records.
func TestPageIsSelfContained(t *testing.T) {
	forbidden := []string{"link", "iframe", "object", "embed", "img", "image", "base", "foreignobject", "use", "a-x"}
	for name, m := range map[string]*model.Model{"good": good(), "hostile": hostile()} {
		scripts, policy := 0, ""
		elements(t, render(t, m), func(n *parser.Node) {
			switch {
			case slices.Contains(forbidden, strings.ToLower(n.Data)), n.Data == "form" && attribute(n, "method") != "dialog":
				t.Errorf("%s: there is an element %s", name, n.Data)
			case n.Data == "meta" && attribute(n, "http-equiv") != "":
				policy = attribute(n, "content")
			case n.Data == "script":
				scripts++
				checkScript(t, n, policy)
			}
			for _, a := range n.Attr {
				switch key := strings.ToLower(a.Key); {
				case strings.HasPrefix(key, "on"):
					t.Errorf("%s: %s has a handler %s", name, n.Data, a.Key)
				case key == "src" || key == "srcset" || key == "action" || key == "style" && strings.Contains(a.Val, "url("):
					t.Errorf("%s: %s loads %s", name, n.Data, a.Val)
				case key == "href" && !strings.HasPrefix(a.Val, "#"):
					t.Errorf("%s: a link leads to %s", name, a.Val)
				}
			}
			if n.Data == "style" && strings.Contains(textOf(n), "url(") {
				t.Errorf("%s: the style sheet loads something", name)
			}
		})
		if scripts != 2 {
			t.Errorf("%s: there are %d scripts", name, scripts)
		}
	}
}

// checkScript wants data, or the script that the policy allows by its hash.
func checkScript(t *testing.T, n *parser.Node, policy string) {
	t.Helper()
	if attribute(n, "type") == "application/json" {
		if !json.Valid([]byte(textOf(n))) {
			t.Error("the page's data are no JSON")
		}
		return
	}
	sum := sha256.Sum256([]byte(textOf(n)))
	if want := "script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
		t.Errorf("the policy %q does not allow the script %s", policy, want)
	}
}

func TestTextFromOutsideIsQuoted(t *testing.T) {
	page := render(t, hostile())
	if n := strings.Count(page, "<script"); n != 2 { // the page's own
		t.Errorf("markup from a record is markup in the page: there are %d scripts", n)
	}
	if !strings.Contains(page, "&lt;script&gt;") {
		t.Error("the hostile name is not shown")
	}
	for _, r := range page {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x202e {
			t.Fatalf("%U in the page", r)
		}
	}
}

// Tables have captions and headers with a scope, pictures a name, and places
// that scroll can be reached by keyboard.
func TestPageCanBeReadOut(t *testing.T) {
	tables, pictures := 0, 0
	ids := map[string]bool{}
	elements(t, render(t, good()), func(n *parser.Node) {
		if id := attribute(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("the id %s occurs twice", id)
			}
			ids[id] = true
		}
		switch n.Data {
		case "table":
			tables++
			first := n.FirstChild
			for first != nil && first.Type != parser.ElementNode {
				first = first.NextSibling
			}
			if first == nil || first.Data != "caption" {
				t.Error("a table has no caption")
			}
		case "th":
			if attribute(n, "scope") == "" {
				t.Errorf("the header %q has no scope", textOf(n))
			}
		case "svg":
			pictures++
			if attribute(n, "role") != "img" || attribute(n, "aria-label") == "" {
				t.Error("a picture has no name")
			}
		case "figcaption":
			if text := textOf(n); len(text) < 80 {
				t.Errorf("a figure's caption is %q", text)
			}
		case "div":
			if attribute(n, "class") == "wide" && (attribute(n, "tabindex") != "0" || attribute(n, "aria-label")+attribute(n, "aria-labelledby") == "") {
				t.Error("a place that scrolls can't be reached or has no name")
			}
		}
	})
	if tables < 10 || pictures != 7 {
		t.Errorf("%d tables, %d pictures", tables, pictures)
	}
	elements(t, render(t, good()), func(n *parser.Node) {
		if n.Data == "a" && !ids[strings.TrimPrefix(attribute(n, "href"), "#")] {
			t.Errorf("a link leads nowhere: %s", attribute(n, "href"))
		}
		if labelled := attribute(n, "aria-labelledby"); labelled != "" && !ids[labelled] {
			t.Errorf("a label is missing: %s", labelled)
		}
	})
}

// picture matches a static figure, whose texts are those of package figure.
var picture = regexp.MustCompile(`(?s)<svg.*?</svg>`)

// What was not planned is nothing to a reader, nor is that a figure which is counted
// has one trial.
func TestPageDoesNotRepeatItself(t *testing.T) {
	page := render(t, good())
	head, _, _ := strings.Cut(page, `<script type="application/json"`)
	head = picture.ReplaceAllString(head, "")
	for text, most := range map[string]int{"not planned": 0, "How to read": 1, "n&nbsp;=&nbsp;1": 0, "Example CPU": 12} {
		if n := strings.Count(head, text); n > most {
			t.Errorf("%q stands in the page %d times", text, n)
		}
	}
}

func TestPageFollowsTheReader(t *testing.T) {
	page := render(t, good())
	for _, want := range []string{"prefers-color-scheme:dark", "@media print", `lang="en"`, "records.jsonl", "does not hold", "≥ 2,000",
		"rewrite in c+simd beside c", "go+debian image", "-O2 -msimd128"} {
		if !strings.Contains(page, want) {
			t.Errorf("there is no %s", want)
		}
	}
}

func TestEmptyRun(t *testing.T) {
	if page := render(t, report.Build(results.Plan{}, results.Environment{}, nil)); !strings.Contains(page, "</html>") {
		t.Error("the page is not whole")
	}
}

func TestRenderingIsDeterministic(t *testing.T) {
	first, second := render(t, good()), render(t, good())
	if first != second {
		t.Error("two renderings differ")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriteErrorsAreReturned(t *testing.T) {
	if err := html.Write(full{}, good()); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v", err)
	}
}

// What was slowed on purpose is said above the table, and nothing is where
// nothing was.
func TestPageSaysWhatWasSlowed(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	plan.Slowed = map[string]float64{"wazero": 0.05}
	head, _, _ := strings.Cut(render(t, report.Build(plan, env, records)), "<main>")
	if want := "<strong>Warning:</strong> cold starts, rates and latencies were slowed on purpose, those of wazero by 5 %; "; !strings.Contains(head, want) {
		t.Errorf("there is no %q in the head", want)
	}
	if strings.Contains(render(t, good()), "on purpose") {
		t.Error("a run as it is has the warning")
	}
}

// gradedEntries counts the figures of grids that have a grade.
func gradedEntries(m *model.Model) int {
	n := 0
	for _, s := range m.Sections {
		for _, e := range s.Elements {
			if e.Grid == nil {
				continue
			}
			for _, r := range e.Grid.Rows {
				for _, x := range r.Entries {
					if x.Grade != nil {
						n++
					}
				}
			}
		}
	}
	return n
}

// A badge says why it is what it is, and the section on quality has the rule.
func TestPageShowsGrades(t *testing.T) {
	page := render(t, good())
	badges := strings.Count(page, `,"g":"`)
	elements(t, page, func(n *parser.Node) {
		if n.Data != "abbr" || !strings.HasPrefix(attribute(n, "class"), "grade ") {
			return
		}
		badges++
		if title := attribute(n, "title"); !strings.HasPrefix(title, "Grade "+textOf(n)+": ") || len(title) < 15 {
			t.Errorf("the badge %s has the title %q", textOf(n), title)
		}
	})
	if graded := gradedEntries(good()); badges < graded || graded == 0 { // some are in the table too
		t.Errorf("%d badges for %d grades", badges, graded)
	}
	for _, want := range []string{`id="quality"`, "within the target of ±5 %", "The tail comes from the machine", "of 11 cells miss the target"} {
		if !strings.Contains(page, want) {
			t.Errorf("there is no %q", want)
		}
	}
}

func TestMatrixHasSignsWordsAndEvidence(t *testing.T) {
	var b bytes.Buffer
	if err := html.Write(&b, reporttest.Matrix()); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{
		`<td class="mark t-bad" title="read &#34;canary&#34; &lt;b&gt;of the host&lt;/b&gt;"><span aria-hidden="true">✗</span><span class="hidden">allowed</span></td>`,
		`<td class="mark t-none"><span aria-hidden="true">—</span><span class="hidden">absent</span></td>`,
		`<td>oci/embedded</td><td>allowed</td><td>read &#34;canary&#34; &lt;b&gt;of the host&lt;/b&gt;</td>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page does not hold %s", want)
		}
	}
}
