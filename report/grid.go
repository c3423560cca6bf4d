package report

import (
	"cmp"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/results"
)

// A slot is what a column of a grid shows of a system: one metric of one
// experiment at one rung, under conditions.
type slot struct {
	Column
	// language is that of the grid where it is "".
	language string
	// rungs are tried in turn: a system is shown on the first on which it was
	// planned or recorded.
	rungs      []results.Rung
	conditions stat.Conditions
	metric     string
}

// gridSpec says how to fill a grid.
type gridSpec struct {
	id, title          string
	experiment         results.Experiment
	workload, language string
	conditions         string
	slots              []slot
	// ratios are taken where it is set.
	ratios bool
}

// fill makes the grid: one row for each system that the plan or the records
// have in this experiment with this workload and language.
func (b *builder) fill(spec gridSpec) Grid {
	g := Grid{
		ID: b.anchor(spec.id), Title: spec.title,
		Workload: spec.workload, Language: spec.language, Conditions: spec.conditions,
	}
	for _, s := range spec.slots {
		g.Columns = append(g.Columns, s.Column)
	}
	var unavailable []string
	for _, system := range b.model.Systems {
		switch {
		case !b.concerns(spec, system):
			continue
		case len(g.Rows) == maxRows:
			g.Notes = append(g.Notes, "further systems are not shown; the records have them all")
			return g
		}
		row := Row{System: system}
		words := map[State]bool{}
		for _, s := range spec.slots {
			e := b.entry(b.slotPlace(spec, s, system), s.metric)
			words[e.State] = true
			row.Entries = append(row.Entries, e)
		}
		if len(words) == 1 && words[Unavailable] && system.Unavailable != "" {
			unavailable = append(unavailable, system.Name)
			continue
		}
		g.Rows = append(g.Rows, row)
	}
	if len(unavailable) > 0 {
		g.Notes = append(g.Notes, "unavailable here, see what was left out: "+strings.Join(unavailable, ", "))
	}
	if reference := b.reference(); spec.ratios && reference.Runner != "" {
		b.addRatios(&g, spec, reference)
	}
	return g
}

func (b *builder) slotPlace(spec gridSpec, s slot, system System) place {
	v := variant{spec.workload, cmp.Or(s.language, spec.language), s.conditions}
	return b.place(spec.experiment, system, v, s.rungs)
}

// place finds a system's place on the first of the rungs that has a trial; it
// is that of the first rung where none has.
func (b *builder) place(e results.Experiment, system System, v variant, rungs []results.Rung) place {
	at := func(r results.Rung) place {
		return place{e, results.Cell{
			Runner: system.Runner, Mode: system.Mode, Workload: v.workload, Language: v.language, Rung: r,
		}, v.conditions}
	}
	for _, r := range rungs {
		if b.tallies[at(r)] != nil {
			return at(r)
		}
	}
	return at(rungs[0])
}

// anyRung is for experiments that are not about the ladder: each system has
// them on one rung.
func anyRung() []results.Rung {
	rungs := results.Rungs()
	slices.Reverse(rungs)
	return rungs
}

// concerns says whether a system was planned or recorded for any of the slots.
func (b *builder) concerns(spec gridSpec, system System) bool {
	return slices.ContainsFunc(spec.slots, func(s slot) bool { return b.tallies[b.slotPlace(spec, s, system)] != nil })
}

// addRatios relates every measured entry to the reference's in its column.
func (b *builder) addRatios(g *Grid, spec gridSpec, reference System) {
	type task struct {
		entry   *Entry
		a, over *stat.Sample
	}
	var tasks []task
	for r := range g.Rows {
		for c, s := range spec.slots {
			a := b.sample(b.slotPlace(spec, s, g.Rows[r].System).key(s.metric))
			over := b.sample(b.slotPlace(spec, s, reference).key(s.metric))
			if a != nil && over != nil && a != over {
				tasks = append(tasks, task{&g.Rows[r].Entries[c], a, over})
			}
		}
	}
	parallel(len(tasks), func(i int) {
		if ratio, err := stat.Ratio(tasks[i].a, tasks[i].over); err == nil {
			tasks[i].entry.Ratio = &ratio
		}
	})
	if len(tasks) > 0 {
		g.Reference = reference.Name
	}
}

// variant is a combination that has a grid of its own.
type variant struct {
	workload, language string
	conditions         stat.Conditions
}

// variants lists the workloads, languages and conditions of an experiment, in
// the order of the places; conditions named in ignore do not tell variants
// apart.
func (b *builder) variants(e results.Experiment, ignore ...string) []variant {
	var list []variant
	for _, p := range b.places {
		if p.experiment != e {
			continue
		}
		v := variant{p.cell.Workload, p.cell.Language, without(p.conditions, ignore...)}
		if slices.Contains(list, v) {
			continue
		}
		if len(list) == maxVariants {
			b.warn("further workloads of the experiment %s are not shown; the records have them all", e)
			break
		}
		list = append(list, v)
	}
	return list
}

func without(c stat.Conditions, names ...string) stat.Conditions {
	if len(names) == 0 {
		return c
	}
	m := c.Map()
	for _, n := range names {
		delete(m, n)
	}
	return stat.NewConditions(m)
}

func (v variant) title(of string) string {
	t := fmt.Sprintf("%s of %s in %s", of, v.workload, v.language)
	if c := v.conditions.String(); c != "" {
		t += " (" + c + ")"
	}
	return t
}

func (v variant) id(of string) string {
	parts := []string{of, v.workload, v.language, string(v.conditions)}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "-")
}

func (v variant) spec(of, title string, e results.Experiment) gridSpec {
	return gridSpec{
		id: v.id(of), title: v.title(title), experiment: e,
		workload: v.workload, language: v.language, conditions: v.conditions.String(),
	}
}

// anchor keeps letters and digits, so that a name is safe in file names and
// HTML anchors; what parts words in it becomes a dash. What is changed beyond
// that ends in a checksum of what it was, and what is there already in a number.
func (b *builder) anchor(name string) string {
	var out strings.Builder
	changed := false
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			out.WriteRune(r)
		case r == '=' || r == '_' || r == '&' || r == '/' || r == '+':
			out.WriteByte('-')
		default:
			changed = true
		}
	}
	s := strings.Trim(out.String(), "-")
	if changed || len(s) > 80 {
		s = fmt.Sprintf("%.60s-%08x", s, crc32.ChecksumIEEE([]byte(name)))
	}
	if b.anchors[s]++; b.anchors[s] > 1 {
		s = fmt.Sprintf("%s-%d", s, b.anchors[s])
	}
	return s
}
