package html

import (
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/figure"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/results"
)

// Bounds on the trials whose values the page holds, so that it stays below 3 MB.
// The records have them all.
const (
	maxTrialsOfFigure = 200
	maxTrialsOfPage   = 60_000
)

// number is a float that is written with enough digits to draw it and to take
// ratios of it.
type number float64

// MarshalJSON implements json.Marshaler. What is no number is null.
func (n number) MarshalJSON() ([]byte, error) {
	v := float64(n)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return []byte("null"), nil
	case v == math.Trunc(v) && math.Abs(v) < 1e15:
		return strconv.AppendFloat(nil, v, 'f', 0, 64), nil
	}
	return strconv.AppendFloat(nil, v, 'g', 7, 64), nil
}

// data is what the page's script is given. Tables of systems, metrics and cells are
// referred to by index.
type data struct {
	Systems []dataSystem `json:"systems"`
	Classes []string     `json:"classes"`
	Metrics []dataMetric `json:"metrics"`
	Cells   []dataCell   `json:"cells"`
	Figures []dataFigure `json:"figures"`
	// Listed is the number of figures that the table of all cells has; those behind
	// are in views alone.
	Listed int        `json:"listed"`
	Views  []dataView `json:"views"`
	// Reference is the index of the system that ratios are first taken to, −1 for
	// none.
	Reference int    `json:"reference"`
	Records   string `json:"records"`
}

type dataSystem struct {
	Name   string   `json:"name"`
	Side   string   `json:"side"`
	Label  string   `json:"label"`
	Colour string   `json:"colour"`
	Dashes []number `json:"dashes,omitempty"`
}

type dataMetric struct {
	Experiment string `json:"experiment"`
	Name       string `json:"name"`
	Label      string `json:"label"`
	Meaning    string `json:"meaning"`
}

type dataCell struct {
	System   int         `json:"s"`
	Workload string      `json:"w"`
	Build    string      `json:"b"`
	Params   [][2]string `json:"p,omitempty"`
	Classes  []int       `json:"k,omitempty"`
}

// dataFigure is a figure, or why there is none. Texts are those of the model.
type dataFigure struct {
	Cell   int    `json:"c"`
	Metric int    `json:"m"`
	Head   bool   `json:"hd,omitempty"`
	State  string `json:"st,omitempty"`
	Why    string `json:"w,omitempty"`
	Unit   string `json:"u,omitempty"`
	Value  number `json:"v"`
	Low    number `json:"l,omitempty"`
	High   number `json:"h,omitempty"`
	// Text is the value for people, Span its interval, and Of what the interval is
	// where it is no 95 % interval.
	Text  string `json:"f,omitempty"`
	Span  string `json:"i,omitempty"`
	Of    string `json:"o,omitempty"`
	N     int    `json:"n,omitempty"`
	Exact bool   `json:"x,omitempty"`
	// Bound says that the true figure may be greater.
	Bound bool   `json:"lb,omitempty"`
	Grade string `json:"g,omitempty"`
	// Reasons of the grade.
	Reasons     string      `json:"gw,omitempty"`
	Percentiles [][2]string `json:"q,omitempty"`
	// Log is an estimate.LogMedian: value, below, above, trials.
	Log []number `json:"lm,omitempty"`
	// Seqs and Medians are of single trials, Trials is the number of all.
	Seqs    []int    `json:"ts,omitempty"`
	Medians []number `json:"tv,omitempty"`
}

// dataView is an element that the explorer can show.
type dataView struct {
	ID      string       `json:"id"`
	Kind    string       `json:"kind"`
	Section string       `json:"section"`
	What    string       `json:"what"`
	Title   string       `json:"title"`
	Work    string       `json:"w,omitempty"`
	Build   string       `json:"b,omitempty"`
	Params  string       `json:"p,omitempty"`
	Shows   string       `json:"shows,omitempty"`
	Reading string       `json:"reading,omitempty"`
	Alt     string       `json:"alt,omitempty"`
	Notes   []string     `json:"notes,omitempty"`
	Columns []dataColumn `json:"columns,omitempty"`
	Rows    []dataRow    `json:"rows,omitempty"`
	X       *dataAxis    `json:"x,omitempty"`
	Y       *dataAxis    `json:"y,omitempty"`
	Steps   bool         `json:"steps,omitempty"`
	Series  []dataSeries `json:"series,omitempty"`
	Panels  []dataPanel  `json:"panels,omitempty"`
	Groups  []dataGroup  `json:"groups,omitempty"`
	Legend  []dataMark   `json:"legend,omitempty"`
	Filled  int          `json:"filled"`
}

type dataColumn struct {
	Label string `json:"label"`
	Why   string `json:"why,omitempty"`
	Unit  string `json:"unit,omitempty"`
	// System of a matrix's column.
	System string `json:"system,omitempty"`
}

// dataGroup is one of a matrix, with a mark for each column in each row.
type dataGroup struct {
	Title string      `json:"title"`
	Rows  []dataCheck `json:"rows"`
}

type dataCheck struct {
	Name  string     `json:"name"`
	Why   string     `json:"why,omitempty"`
	Marks []dataMark `json:"marks"`
}

type dataMark struct {
	Sign     string `json:"sign"`
	Word     string `json:"word,omitempty"`
	Tone     string `json:"tone"`
	Evidence string `json:"evidence,omitempty"`
}

// dataRow has entries, which are indices of figures or figures (State is set), or
// texts.
type dataRow struct {
	System  int      `json:"s"`
	Name    string   `json:"name,omitempty"`
	Entries []any    `json:"e,omitempty"`
	Texts   []string `json:"texts,omitempty"`
	State   string   `json:"st,omitempty"`
	Why     string   `json:"w,omitempty"`
}

type dataAxis struct {
	Title string `json:"title"`
	Unit  string `json:"unit"`
	Share bool   `json:"share,omitempty"`
	// Doubling and Whole are those of model.Axis.
	Doubling bool `json:"doubling,omitempty"`
	Whole    bool `json:"whole,omitempty"`
}

type dataSeries struct {
	System int      `json:"s"`
	Notes  []string `json:"notes,omitempty"`
	// X, Y, Low and High of its points; Low and High are empty without intervals.
	X    []number `json:"x"`
	Y    []number `json:"y"`
	Low  []number `json:"l,omitempty"`
	High []number `json:"h,omitempty"`
	End  string   `json:"end,omitempty"`
}

type dataPanel struct {
	Label string    `json:"label"`
	Title string    `json:"title"`
	Bars  []dataBar `json:"bars"`
}

type dataBar struct {
	System int        `json:"s"`
	Total  number     `json:"v"`
	Text   string     `json:"f"`
	Parts  []dataPart `json:"parts"`
}

type dataPart struct {
	Name   string `json:"name"`
	Value  number `json:"v"`
	Text   string `json:"f"`
	Colour string `json:"colour"`
}

// collector fills in data.
type collector struct {
	data
	m       *model.Model
	systems map[string]int
	classes map[string]int
	metrics map[dataMetric]int
	cells   map[results.Cell]int
	figures map[stat.Key]int
	samples map[stat.Key]*stat.Sample
	// trials is how many trials one figure may list.
	trials int
}

// dataOf gives what the script needs of a model.
func dataOf(m *model.Model) *data {
	c := &collector{m: m, systems: map[string]int{}, classes: map[string]int{}, metrics: map[dataMetric]int{},
		cells: map[results.Cell]int{}, figures: map[stat.Key]int{}, samples: map[stat.Key]*stat.Sample{}}
	c.data = data{Systems: []dataSystem{}, Classes: []string{}, Metrics: []dataMetric{}, Cells: []dataCell{}, Figures: []dataFigure{}, Views: []dataView{}}
	for _, s := range m.Export.Samples {
		c.samples[s.Key] = s
	}
	c.trials = min(maxTrialsOfFigure, maxTrialsOfPage/max(1, len(m.Figures)))
	for _, s := range m.Systems {
		c.system(s)
	}
	for _, f := range m.Figures {
		c.listed(f)
	}
	c.Listed = len(c.Figures)
	for _, s := range m.Sections {
		for _, e := range s.Elements {
			c.view(s, e)
		}
	}
	c.Records = results.RecordsFile
	c.Reference = slices.IndexFunc(c.Systems, func(s dataSystem) bool { return s.Name == m.Table.Reference })
	return &c.data
}

// script gives the data as the content of a script element. encoding/json escapes
// what would end one.
func (d *data) script() (template.JS, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("encode the page's data: %w", err)
	}
	return template.JS(raw), nil
}

func (c *collector) system(s model.System) int {
	if i, known := c.systems[s.Name]; known {
		return i
	}
	var dashes []number
	for _, d := range figure.Dashes(s, c.m.Systems) {
		dashes = append(dashes, number(d))
	}
	c.systems[s.Name] = len(c.Systems)
	c.Systems = append(c.Systems, dataSystem{s.Name, string(s.Side), s.Label(), figure.ColourName(s), dashes})
	return len(c.Systems) - 1
}

func (c *collector) class(name string) int {
	i, known := c.classes[name]
	if !known {
		i = len(c.Classes)
		c.classes[name] = i
		c.Classes = append(c.Classes, name)
	}
	return i
}

func (c *collector) metric(m dataMetric) int {
	i, known := c.metrics[m]
	if !known {
		i = len(c.Metrics)
		c.metrics[m] = i
		c.Metrics = append(c.Metrics, m)
	}
	return i
}

func (c *collector) cell(f model.CellFigure) int {
	if i, known := c.cells[f.Cell]; known {
		return i
	}
	cell := dataCell{System: c.system(f.System), Workload: f.Cell.Workload, Build: f.Cell.Build, Params: format.Params(f.Cell.Params)}
	for _, name := range f.Classes {
		cell.Classes = append(cell.Classes, c.class(name))
	}
	c.cells[f.Cell] = len(c.Cells)
	c.Cells = append(c.Cells, cell)
	return len(c.Cells) - 1
}

// listed adds a figure of a cell, and gives its index.
func (c *collector) listed(f model.CellFigure) int {
	d := figureOf(f.Entry, f.LowerBound, f.Reached)
	d.Cell, d.Head = c.cell(f), f.Headline
	d.Metric = c.metric(dataMetric{string(f.Cell.Experiment), f.Metric, f.Label, f.Meaning})
	if s := c.samples[f.Entry.Key]; s != nil && f.Entry.State == model.Measured {
		c.addTrials(&d, s)
	}
	c.figures[stat.Key{Cell: f.Cell, Metric: f.Metric}] = len(c.Figures)
	c.Figures = append(c.Figures, d)
	return len(c.Figures) - 1
}

// addTrials adds what single trials gave, and what ratios need.
func (c *collector) addTrials(d *dataFigure, s *stat.Sample) {
	if log, ok := estimate.LogMedianOf(s); ok {
		d.Log = []number{number(log.Value), number(log.Below), number(log.Above), number(log.Trials)}
	}
	for _, t := range s.Trials[:min(len(s.Trials), c.trials)] {
		d.Seqs = append(d.Seqs, t.Seq)
		d.Medians = append(d.Medians, number(stat.Median(t.Values)))
	}
}

// figureOf gives an entry without its cell.
func figureOf(e model.Entry, lowerBound, reached bool) dataFigure {
	d := dataFigure{Cell: -1, Metric: -1, Why: e.Why}
	if e.State != model.Measured {
		d.State = string(e.State)
		return d
	}
	x := e.Estimate
	d.Value, d.Unit, d.N, d.Bound = number(x.Value), x.Unit, x.Trials, lowerBound
	d.Text = format.LowerBound(format.Quantity(x.Value, x.Unit), lowerBound)
	switch i := x.Interval; {
	case reached:
		d.N, d.Exact = 0, true
	case i == nil:
	case i.Method == estimate.Exact:
		d.N, d.Exact = 0, true
	default:
		d.Low, d.High, d.Span = number(i.Low), number(i.High), format.IntervalOf(x)
		if i.Method == estimate.TrialRange {
			d.Of = string(i.Method)
		}
	}
	if e.Grade != nil {
		d.Grade, d.Reasons = e.Grade.Letter, e.Grade.Why()
	}
	for _, p := range e.Percentiles {
		d.Percentiles = append(d.Percentiles, [2]string{p.Name(), format.Quantity(p.Value, x.Unit)})
	}
	return d
}
