// Package html renders a report's model as one file that needs nothing else: no
// script, no style sheet, no font and no picture from elsewhere. It follows the
// reader's light or dark theme, prints well, and works with screen readers.
//
// All text goes through html/template. The pictures are package figure's, which
// quotes its texts itself. A content security policy in the page blocks anything
// that quoting misses.
package html

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"unicode"

	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report/figure"
	"edgebench/report/format"
	"edgebench/report/model"
)

//go:embed page.tmpl
var pageText string

//go:embed style.css
var styleText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"quantity":       format.Quantity,
	"interval":       format.IntervalOf,
	"ratio":          format.RatioOf,
	"estimate":       format.Estimated,
	"bound":          format.LowerBound,
	"plural":         format.Plural,
	"percent":        func(part float64) float64 { return part * 100 },
	"less":           func(a, b int) int { return a - b },
	"mark":           format.Sign,
	"class":          class,
	"sentence":       sentence,
	"capital":        capital,
	"measured_class": model.ClassResult.Measured,
	"because":        func(r model.TableRow) []string { return r.Because(nil) },
	"quiet":          quiet,
	"tone":           tone,
	"columns":        func(m *model.Matrix) int { return len(m.Columns) + 1 },
	"measured":       func(s model.State) bool { return s == model.Measured },
	"exact":          func(e estimate.Estimate) bool { return e.Interval != nil && e.Interval.Method == estimate.Exact },
}).Parse(pageText))

// Write renders the model. Nothing is written if rendering fails.
func Write(w io.Writer, m *model.Model) error {
	v, err := newView(m)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := page.Execute(&out, v); err != nil {
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
	Style    template.CSS
	Sections []section
}

// section has elements, each with its picture.
type section struct {
	ID, Title, Intro string
	Parts            []part
}

// part is an element and its picture, nil for none.
type part struct {
	model.Element
	Picture *picture
}

type picture struct {
	figure.Figure
	SVG template.HTML
}

func newView(m *model.Model) (*view, error) {
	v := &view{Model: m, Style: template.CSS(figure.Style() + styleText)}
	for _, s := range m.Sections {
		shown := section{ID: s.ID, Title: s.Title, Intro: s.Intro}
		for _, e := range s.Elements {
			p := part{Element: e}
			if f, ok := figure.Of(m, e); ok {
				svg, err := f.Inline()
				if err != nil {
					return nil, err
				}
				p.Picture = &picture{f, template.HTML(svg)}
			}
			shown.Parts = append(shown.Parts, p)
		}
		v.Sections = append(v.Sections, shown)
	}
	return v, nil
}

// class names a verdict in the style sheet.
func class(v compare.Verdict) string {
	switch v {
	case compare.Holds:
		return "good"
	case compare.Fails:
		return "bad"
	case compare.Undecided, compare.Depends:
		return "open"
	}
	return "none"
}

// tone names a mark's tone in the style sheet.
func tone(t model.Tone) string {
	if t == model.ToneNeutral {
		return "t-neutral"
	}
	return "t-" + string(t)
}

// quiet is the class of a reason. The reason is for screen readers only if the
// figure does not exist or was not asked for.
func quiet(s model.State) string {
	if s == model.Absent || s == model.Unplanned {
		return "hidden"
	}
	return "reason"
}

// sentence begins a text with a capital and ends it with a full stop.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return capital(s) + "."
}

// capital begins a text with one.
func capital(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return ""
	}
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}
