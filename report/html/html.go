// Package html renders a report's model as one file that needs nothing else: no
// style sheet, no font, no picture and no script from elsewhere. It follows the
// reader's light or dark theme, prints well, and works with keyboard and screen
// reader.
//
// Without script the page has the answer, the default figures and one plain table of
// all cells. With its own inline script it has the explorer and a table that sorts
// and filters. The script gets the model's figures as JSON (see data) and draws what
// is seen. All that is chosen is in the URL's fragment.
//
// All text goes through html/template, encoding/json or the DOM's text nodes. The
// pictures are package figure's, which quotes its texts itself. A content security
// policy allows this script by its hash alone and blocks all requests.
package html

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"strings"
	"unicode"

	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report"
	"edgebench/report/figure"
	"edgebench/report/format"
	"edgebench/report/model"
)

//go:embed page.tmpl parts.tmpl compare.tmpl history.tmpl style.css script/*.js
var files embed.FS

// text of an embedded file.
func text(name string) string {
	raw, err := files.ReadFile(name)
	if err != nil {
		return "" // not possible: the name is embedded
	}
	return string(raw)
}

// script is what the page runs: all files in the order of their names.
var script = func() string {
	list, err := files.ReadDir("script")
	if err != nil {
		return ""
	}
	var all strings.Builder
	all.WriteString("(() => {\n\"use strict\"\n")
	for _, f := range list {
		all.WriteString(text("script/" + f.Name()))
	}
	all.WriteString("})()\n")
	return all.String()
}()

// policy allows the script by its hash, styles within the page, and nothing else.
var policy = func() string {
	sum := sha256.Sum256([]byte(script))
	return "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

// stylesheet is that of pages: the colours of figures, and the page's own rules.
var stylesheet = template.CSS(figure.Style() + text("style.css"))

var page = template.Must(template.New("page.tmpl").Funcs(template.FuncMap{
	"quantity":    format.Quantity,
	"interval":    format.IntervalOf,
	"estimate":    format.Estimated,
	"plural":      format.Plural,
	"percent":     func(part float64) float64 { return part * 100 },
	"next":        func(i int) int { return i + 1 },
	"less":        func(a, b int) int { return a - b },
	"mark":        format.Sign,
	"class":       class,
	"sentence":    sentence,
	"wholeChange": report.WholeChange,
	"capital":     capital,
	"whole":       whole,
	"tone":        tone,
	"columns":     func(m *model.Matrix) int { return len(m.Columns) + 1 },
	"measured":    func(s model.State) bool { return s == model.Measured },
	"exact":       func(e estimate.Estimate) bool { return e.Interval != nil && e.Interval.Method == estimate.Exact },
}).ParseFS(files, "page.tmpl", "parts.tmpl", "compare.tmpl", "history.tmpl"))

// Write renders the model. Nothing is written if rendering fails.
func Write(w io.Writer, m *model.Model) error {
	v, err := newView(m)
	if err != nil {
		return err
	}
	return render(w, "page.tmpl", v)
}

func render(w io.Writer, name string, v any) error {
	var out bytes.Buffer
	if err := page.ExecuteTemplate(&out, name, v); err != nil {
		return fmt.Errorf("render the report: %w", err)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// view is what the template is given.
type view struct {
	*model.Model
	Style  template.CSS
	Policy string
	Script template.JS
	Data   template.JS
	Answer answer
	// Pictures are the default figures, for readers without script.
	Pictures []picture
	// Lists and Matrices are elements of words, for readers without script.
	Lists    []*model.List
	Matrices []*model.Matrix
	// Rows are those of the plain table.
	Rows []plainRow
}

type picture struct {
	figure.Figure
	SVG template.HTML
}

func newView(m *model.Model) (*view, error) {
	d := dataOf(m)
	raw, err := d.script()
	if err != nil {
		return nil, err
	}
	a := answerOf(m)
	v := &view{Model: m, Style: stylesheet, Policy: policy, Script: template.JS(script), Data: raw, Answer: a, Rows: plainRows(m, d, a)}
	for _, e := range defaults(m) {
		f, ok := figure.Of(m, e)
		if !ok {
			continue
		}
		svg, err := f.Inline()
		if err != nil {
			return nil, err
		}
		v.Pictures = append(v.Pictures, picture{f, template.HTML(svg)})
	}
	for _, s := range m.Sections {
		for _, e := range s.Elements {
			switch {
			case e.List != nil:
				v.Lists = append(v.Lists, e.List)
			case e.Matrix != nil:
				v.Matrices = append(v.Matrices, e.Matrix)
			}
		}
	}
	return v, nil
}

// defaults are the elements whose figures are shown without script: of each section
// the one with the most figures.
func defaults(m *model.Model) []model.Element {
	var list []model.Element
	for _, s := range m.Sections {
		best, most := model.Element{}, 0
		for _, e := range s.Elements {
			if n := weight(e); n > most {
				best, most = e, n
			}
		}
		if most > 0 {
			list = append(list, best)
		}
	}
	return list
}

// weight counts what a picture of an element shows, 0 for an element without one.
func weight(e model.Element) (n int) {
	switch {
	case e.Grid != nil && e.Grid.Picture != nil:
		for _, r := range e.Grid.Rows {
			for _, x := range r.Entries {
				if x.State == model.Measured {
					n++
				}
			}
		}
	case e.Chart != nil:
		n = len(e.Chart.Series)
	case e.Stack != nil && e.Stack.Picture != nil:
		n = len(e.Stack.Panels)
	}
	return n
}

// class names a verdict in the style sheet.
func class(v compare.Verdict) string {
	switch v {
	case compare.Holds, compare.Faster:
		return "good"
	case compare.Fails, compare.Slower:
		return "bad"
	case compare.Undecided, compare.Depends:
		return "open"
	}
	return "none"
}

// tone names a mark's tone in the style sheet.
func tone(t model.Tone) string { return "t-" + t.Name() }

// sentence begins a text with a capital and ends it with a full stop.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return capital(s) + "."
}

// withUnit matches a number with what follows it, which no line divides.
var withUnit = regexp.MustCompile(`(\d) ([^\d\s(\[]+)`)

// whole keeps numbers and their units on one line.
func whole(s string) string { return withUnit.ReplaceAllString(s, "$1\u00a0$2") }

// capital begins a text with one.
func capital(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return ""
	}
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}
