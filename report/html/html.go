// Package html renders a report's model as one file that needs nothing else:
// no script, no style sheet, no font and no picture from elsewhere. It follows
// the reader's light or dark, prints, and is read out well.
//
// All text goes through html/template. The pictures are package figure's, which
// quotes its texts itself. A content security policy in the page forbids
// whatever should slip through.
package html

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"unicode"

	"edgebench/bench/stat"
	"edgebench/report"
	"edgebench/report/figure"
)

//go:embed page.tmpl
var pageText string

//go:embed style.css
var styleText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"quantity": report.Quantity,
	"interval": report.IntervalOf,
	"ratio":    report.RatioOf,
	"estimate": report.Estimated,
	"bound":    report.LowerBound,
	"plural":   report.Plural,
	"percent":  func(part float64) float64 { return part * 100 },
	"less":     func(a, b int) int { return a - b },
	"mark":     mark,
	"class":    class,
	"sentence": sentence,
	"capital":  capital,
	"range_of": report.RangeOf,
	"between":  between,
	"quiet":    quiet,
	"measured": func(s report.State) bool { return s == report.Measured },
	"exact":    func(e stat.Estimate) bool { return e.Interval != nil && e.Interval.Method == stat.Exact },
}).Parse(pageText))

// Write renders the model. Nothing is written where rendering fails.
func Write(w io.Writer, m *report.Model) error {
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
	*report.Model
	Style    template.CSS
	Sections []section
}

// section has pictures, each followed by the figures that it shows.
type section struct {
	ID, Title string
	// Intro says in a sentence or two what the section is about.
	Intro string
	Parts []part
}

// part is a picture, a table, or both.
type part struct {
	Picture *picture
	Grid    *report.Grid
	Density *report.DensityGroup
	Phases  []report.Breakdown
	Pairing *report.Pairing
}

type picture struct {
	figure.Figure
	SVG template.HTML
}

func newView(m *report.Model) (*view, error) {
	pictures := map[string]*picture{}
	var order []string
	for _, f := range figure.All(m) {
		svg, err := f.Inline()
		if err != nil {
			return nil, err
		}
		pictures[f.Name] = &picture{f, template.HTML(svg)}
		order = append(order, f.Name)
	}
	v := &view{Model: m, Style: template.CSS(figure.Style() + styleText)}
	v.Sections = sections(m, pictures, order)
	return v, nil
}

// sections in the order of the report. Those without anything to show are
// left out.
func sections(m *report.Model, pictures map[string]*picture, order []string) []section {
	grids := func(list []report.Grid) []part {
		var parts []part
		for i := range list {
			if len(list[i].Rows) > 0 {
				parts = append(parts, part{Picture: pictures[list[i].ID], Grid: &list[i]})
			}
		}
		return parts
	}
	var densities []part
	for i := range m.Density {
		densities = append(densities, part{Picture: pictures[m.Density[i].ID], Density: &m.Density[i]})
	}
	var pairings []part
	for i := range m.Pairings {
		pairings = append(pairings, part{Pairing: &m.Pairings[i]})
	}
	all := []section{
		{"ladder", "Cold start", "Time to the first verified response, by what exists already when the clock starts.", grids(m.Ladders)},
		{"distribution", "Distribution of cold starts", "Not only the median counts: the tail is what the unlucky request sees.", append(named(pictures, order, "distribution"), grids(m.Percentiles)...)},
		{"phases", "Phases", "Where the time of a start goes.", phases(m, pictures, order)},
		{"memory", "Memory", "What each further live instance costs the node, as the slope over many of them, with the fixed cost apart.", grids(m.Memory)},
		{"density", "Density", "How many instances that have answered lived at once, and what ended that.", densities},
		{"throughput", "Throughput", "Requests a second in a closed loop.", append(grids(m.Throughput), grids(m.Latency)...)},
		{"sizes", "Sizes", "How large each artefact is, as built and as a registry holds it, and what a node keeps of it on disk.", grids(m.Sizes)},
		{"builds", "Builds side by side", "Builds of one workload that differ in one thing, measured in the same run.", pairings},
	}
	var list []section
	for _, s := range all {
		if len(s.Parts) > 0 {
			list = append(list, s)
		}
	}
	return list
}

func named(pictures map[string]*picture, order []string, name string) []part {
	for _, n := range order {
		if n == name {
			return []part{{Picture: pictures[n]}}
		}
	}
	return nil
}

// phases has one picture, of the table's workload, and the tables of all.
func phases(m *report.Model, pictures map[string]*picture, order []string) []part {
	if len(m.Phases) == 0 {
		return nil
	}
	p := part{Phases: m.Phases}
	for _, n := range order {
		if len(n) > 7 && n[:7] == "phases-" {
			p.Picture = pictures[n]
		}
	}
	return []part{p}
}

// mark is a sign for a verdict, beside its words.
func mark(v stat.Verdict) string {
	switch v {
	case stat.Holds:
		return "✓"
	case stat.Fails:
		return "✗"
	case stat.Undecided:
		return "?"
	}
	return "·"
}

// class names a verdict in the style sheet.
func class(v stat.Verdict) string {
	switch v {
	case stat.Holds:
		return "good"
	case stat.Fails:
		return "bad"
	case stat.Undecided:
		return "open"
	}
	return "none"
}

// quiet is the class of a reason: what does not exist or was not asked for
// needs one for those alone to whom the page is read out.
func quiet(s report.State) string {
	if s == report.Absent || s == report.Unplanned {
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

// between picks the ratios of containers to modules, or all others.
func between(list []report.NamedRatio, sides bool) []report.NamedRatio {
	var picked []report.NamedRatio
	for _, r := range list {
		if (r.System.Side == report.Containers && r.Reference.Side == report.Wasm) == sides {
			picked = append(picked, r)
		}
	}
	return picked
}
