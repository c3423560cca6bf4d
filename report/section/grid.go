package section

import (
	"cmp"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// Variant is an artefact with parameters that has elements of its own.
type Variant struct {
	results.Artefact
	Params results.Params
}

// Variants lists the artefacts and parameters of an experiment, in the order of
// the cells; parameters named in ignore do not tell variants apart.
func Variants(v *view.View, e results.Experiment, ignore ...string) []Variant {
	var list []Variant
	for _, c := range v.Cells() {
		if c.Experiment != e {
			continue
		}
		x := Variant{c.Artefact, view.Without(c.Params, ignore...)}
		if slices.Contains(list, x) {
			continue
		}
		if len(list) == view.MaxVariants {
			v.Warn("further workloads of the experiment %s are not shown; the records have them all", e)
			break
		}
		list = append(list, x)
	}
	return list
}

// Cell returns the variant's cell of a system, with the given parameters instead of
// the variant's.
func (x Variant) Cell(e results.Experiment, s model.System, p results.Params) results.Cell {
	return results.Cell{System: s.Of(), Artefact: x.Artefact, Experiment: e, Params: p}
}

// Title is that of an element about the variant.
func (x Variant) Title(of string) string {
	t := fmt.Sprintf("%s of %s", of, x.Workload)
	if x.Build != "" {
		t = fmt.Sprintf("%s of %s", of, x.Artefact)
	}
	if x.Params != "" {
		t += " (" + x.Params.String() + ")"
	}
	return t
}

// Subject is that of an element about the variant.
func (x Variant) Subject(what string) *model.Subject {
	return &model.Subject{What: what, Artefact: x.Artefact, Params: x.Params}
}

// ID is the ID of an element about the variant. It keeps letters and digits, so
// that it is safe in file names and HTML anchors. Separators of words become
// dashes. If anything else had to change, the ID ends in a checksum of the
// original.
func (x Variant) ID(of string) string {
	parts := []string{of, x.Workload, x.Build, string(x.Params)}
	return Anchor(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "-"))
}

// Anchor makes an ID of a name.
func Anchor(name string) string {
	var out strings.Builder
	changed := false
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			out.WriteRune(r)
		case r == '=' || r == '_' || r == '/' || r == '+':
			out.WriteByte('-')
		default:
			changed = true
		}
	}
	s := strings.Trim(out.String(), "-")
	if changed || len(s) > 80 {
		s = fmt.Sprintf("%.60s-%08x", s, crc32.ChecksumIEEE([]byte(name)))
	}
	return s
}

// Slot is what a column of a grid shows of a system: one metric with parameters.
type Slot struct {
	model.Column
	// Build is the build; "" means the build of the grid.
	Build  string
	Params results.Params
	Metric string
	// Without says what to show of a cell that was measured without this metric; nil
	// for an absent entry.
	Without func(results.Cell) (model.State, string)
}

// Grid says how to fill a grid.
type Grid struct {
	ID, Title  string
	Experiment results.Experiment
	Variant    Variant
	Slots      []Slot
	// Ratios to the table's reference are taken where it is set.
	Ratios  bool
	Picture *model.Caption

	of *model.Subject
}

// NewGrid makes a grid of a variant with its ID and title.
func NewGrid(e results.Experiment, x Variant, of, title string) Grid {
	return Grid{ID: x.ID(of), Title: x.Title(title), Experiment: e, Variant: x, of: x.Subject(title)}
}

// Name gives the grid another title.
func (g *Grid) Name(x Variant, title string) { g.Title, g.of = x.Title(title), x.Subject(title) }

// Fill makes the grid: one row for each system that the plan or the records
// have for any of the slots.
func (g Grid) Fill(v *view.View) *model.Grid {
	out := &model.Grid{ID: g.ID, Title: g.Title, Of: g.of, Picture: g.Picture}
	for _, s := range g.Slots {
		out.Columns = append(out.Columns, s.Column)
	}
	var unavailable []string
	for _, system := range v.Systems {
		switch {
		case !g.concerns(v, system):
			continue
		case len(out.Rows) == view.MaxRows:
			out.Notes = append(out.Notes, "further systems are not shown; the records have them all")
			return out
		}
		row := model.Row{System: system}
		states := map[model.State]bool{}
		for _, s := range g.Slots {
			e := g.entry(v, s, system)
			states[e.State] = true
			row.Entries = append(row.Entries, e)
		}
		if len(states) == 1 && states[model.Unavailable] && system.Unavailable != "" {
			unavailable = append(unavailable, system.Name)
			continue
		}
		out.Rows = append(out.Rows, row)
	}
	if len(unavailable) > 0 {
		out.Notes = append(out.Notes, "unavailable here, see what was left out: "+strings.Join(unavailable, ", "))
	}
	if reference := v.Reference(); g.Ratios && reference.Runner != "" {
		g.addRatios(v, out, reference)
	}
	return out
}

func (g Grid) entry(v *view.View, s Slot, system model.System) model.Entry {
	c := g.cell(s, system)
	e := v.Entry(c, s.Metric)
	if state, _ := v.State(c); state == model.Measured && e.State == model.Absent && s.Without != nil {
		e.State, e.Why = s.Without(c)
	}
	return e
}

func (g Grid) cell(s Slot, system model.System) results.Cell {
	c := g.Variant.Cell(g.Experiment, system, s.Params)
	c.Build = cmp.Or(s.Build, c.Build)
	return c
}

// concerns says whether a system was planned or recorded for any of the slots.
func (g Grid) concerns(v *view.View, system model.System) bool {
	return slices.ContainsFunc(g.Slots, func(s Slot) bool {
		_, known := v.Tally(g.cell(s, system))
		return known
	})
}

// addRatios relates every measured entry to the reference's in its column.
func (g Grid) addRatios(v *view.View, out *model.Grid, reference model.System) {
	type task struct {
		entry   *model.Entry
		a, over *stat.Sample
	}
	var tasks []task
	for r := range out.Rows {
		for c, s := range g.Slots {
			a := v.Sample(stat.Key{Cell: g.cell(s, out.Rows[r].System), Metric: s.Metric})
			over := v.Sample(stat.Key{Cell: g.cell(s, reference), Metric: s.Metric})
			if a != nil && over != nil && a != over {
				tasks = append(tasks, task{&out.Rows[r].Entries[c], a, over})
			}
		}
	}
	view.Parallel(len(tasks), func(i int) { tasks[i].entry.Ratio = view.Ratio(tasks[i].a, tasks[i].over) })
	if len(tasks) > 0 {
		out.Reference = reference.Name
	}
}

// Grids makes elements of the grids that hold a row.
func Grids(list ...*model.Grid) []model.Element {
	var elements []model.Element
	for _, g := range list {
		if len(g.Rows) > 0 {
			elements = append(elements, model.Element{Grid: g})
		}
	}
	return elements
}
