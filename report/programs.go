package report

import (
	"fmt"
	"slices"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/memory"
	"edgebench/bench/experiment/size"
	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
	"edgebench/runners"
)

// programs shows the user's own programs, nil in a run without any.
func programs(v *view.View) *model.Programs {
	own := v.Plan.Own
	if own == nil {
		return nil
	}
	p := &model.Programs{Alone: len(v.Plan.Table.Classes) == 0, Right: "right responses were given"}
	if own.Learnt {
		p.Right = "right responses were learnt and not given: each is the first answer, which every program has given twice before the run"
	}
	p.Grid = model.Grid{ID: "programs", Title: "Your programs", Artefacts: true, Columns: []model.Column{
		{Label: "first response", Unit: results.Seconds, Explanation: "from a prepared artefact on disk to the first verified response (rung cold)"},
		{Label: "next responses", Unit: results.Seconds, Explanation: "of a live instance (rung hot)"},
		{Label: "memory each", Unit: results.Bytes, Explanation: "growth of the sum of proportional set sizes for each additional live instance"},
		{Label: "size", Unit: results.Bytes, Explanation: "what is shipped to a node: the module, the executable or the image's archive"},
	}}
	var rows []programRow
	for _, program := range own.Programs {
		p.Kinds = append(p.Kinds, model.Fact{Name: program.Name, Value: programKind(program)})
		rows = append(rows, programRows(v, program)...)
	}
	for _, r := range rows[:min(len(rows), view.MaxRows)] {
		p.Grid.Rows = append(p.Grid.Rows, r.row)
	}
	p.Sentences = sentences(rows)
	return p
}

// programKind says what a program is.
func programKind(p results.Program) string {
	if p.Refused != "" {
		return "not measured: " + p.Refused
	}
	what := p.Form
	if what == "" {
		what = p.Kind
	}
	switch runners.Interface(p.Interface) {
	case runners.Frames:
		return what + ", takes requests by edgebench's own interface"
	case runners.Stdio:
		return what + ", takes a request from stdin and answers on stdout"
	}
	return what + ", takes requests by " + p.Interface
}

// Places of the columns.
const (
	firstResponse = iota
	nextResponses
	memoryEach
	sizeOf
)

// programRow is a program in a system.
type programRow struct {
	row     model.Row
	program results.Program
	side    model.Side
	// starts are the sample of first responses.
	starts *stat.Sample
}

// programRows are those of one program, in the order of systems.
func programRows(v *view.View, p results.Program) (list []programRow) {
	for _, s := range v.Systems {
		cold, found := cellOf(v, s, p, coldstart.Name, func(c results.Cell) bool { return c.Rung() == results.Cold })
		if !found || kindOf(v, cold, p) != p.Kind {
			continue
		}
		hot, _ := cellOf(v, s, p, coldstart.Name, func(c results.Cell) bool { return c.Rung() == results.Hot })
		live, _ := cellOf(v, s, p, memory.Name, func(results.Cell) bool { return true })
		whole, _ := cellOf(v, s, p, size.Name, func(results.Cell) bool { return true })
		r := programRow{program: p, side: s.Side, starts: v.Sample(stat.Key{Cell: cold, Metric: coldstart.FirstResponse})}
		r.row = model.Row{
			System: model.System{Name: p.Name + ", " + s.Name, Side: s.Side},
			Entries: []model.Entry{
				v.Entry(cold, coldstart.FirstResponse), entryOr(v, hot, coldstart.FirstResponse, "a command answers once"),
				entryOr(v, live, estimate.PerInstance(instances.PSS), "its instances can't live side by side"), entryOr(v, whole, size.Artefact, ""),
			},
		}
		list = append(list, r)
	}
	return list
}

// entryOr is an entry, or says why there is no such cell.
func entryOr(v *view.View, c results.Cell, metric, why string) model.Entry {
	if c.Experiment == "" {
		return model.Entry{State: model.Absent, Why: why}
	}
	return v.Entry(c, metric)
}

// kindOf is the kind of artefact that a cell has run, that of the program where no
// record tells.
func kindOf(v *view.View, c results.Cell, p results.Program) string {
	for _, r := range v.Records(c) {
		return r.Kind
	}
	return p.Kind
}

func cellOf(v *view.View, s model.System, p results.Program, e results.Experiment, is func(results.Cell) bool) (results.Cell, bool) {
	cells := v.Cells()
	i := slices.IndexFunc(cells, func(c results.Cell) bool {
		return s.Is(c.System) && c.Build == p.Build && c.Experiment == e && is(c)
	})
	if i < 0 {
		return results.Cell{}, false
	}
	return cells[i], true
}

// sentences compare the quickest module with the quickest container, or with the
// quickest process where there is no container.
func sentences(rows []programRow) []string {
	wasm, others := quickest(rows, model.Wasm), quickest(rows, model.Containers)
	if others == nil {
		others = quickest(rows, model.Process)
	}
	if wasm == nil || others == nil {
		return nil
	}
	a, b := estimateOf(others, firstResponse), estimateOf(wasm, firstResponse)
	text := fmt.Sprintf("the %s needed %s to its first response, the module %s", nounOf(others), figure(a), figure(b))
	if ratio := view.Ratio(wasm.starts, others.starts); ratio != nil {
		text += ": " + quicker(*ratio)
	}
	for _, c := range []struct {
		column int
		words  string
	}{{memoryEach, "each"}, {sizeOf, "to ship"}} {
		x, y := others.row.Entries[c.column], wasm.row.Entries[c.column]
		if x.State == model.Measured && y.State == model.Measured {
			text += fmt.Sprintf("; %s against %s %s", figure(x.Estimate), figure(y.Estimate), c.words)
		}
	}
	return []string{text}
}

// quicker says by how much the module is quicker or slower, unless the trials show
// no difference.
func quicker(ratio estimate.Estimate) string {
	switch i := ratio.Interval; {
	case i == nil:
		return "too few trials for a ratio"
	case i.Low <= 1 && 1 <= i.High:
		return "the trials show no difference"
	}
	return format.Factor(ratio, results.Seconds)
}

func nounOf(r *programRow) string {
	if r.program.Kind == string(runners.Image) {
		return "image"
	}
	if r.side == model.Containers {
		return "container"
	}
	return "process"
}

func figure(e estimate.Estimate) string { return format.Quantity(e.Value, e.Unit) }

func estimateOf(r *programRow, column int) estimate.Estimate { return r.row.Entries[column].Estimate }

// quickest is the row of a side with the shortest first response, nil without one.
func quickest(rows []programRow, side model.Side) (best *programRow) {
	for i := range rows {
		r := &rows[i]
		if r.side != side || r.row.Entries[firstResponse].State != model.Measured {
			continue
		}
		if best == nil || estimateOf(r, firstResponse).Value < estimateOf(best, firstResponse).Value {
			best = r
		}
	}
	return best
}
