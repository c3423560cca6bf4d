package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/results"
	"edgebench/runners"
)

// Build makes the model of a run. Any of the three may be empty.
func Build(plan results.Plan, env results.Environment, records []results.Record) *Model {
	b := newBuilder(cleanPlan(plan), cleanEnvironment(env), cleanRecords(records))
	m := b.model
	b.conditions()
	b.slowed()
	b.outcomes()
	b.summarise()
	b.quality()
	m.Ladders = b.ladders()
	m.Percentiles = b.percentiles()
	m.Curves = b.curves()
	m.Phases = b.breakdowns()
	m.Memory = b.memory()
	m.Density = b.density()
	m.Throughput, m.Latency = b.throughput()
	m.Sizes = b.sizes()
	m.Pairings = b.pairings()
	m.Toolchains = b.toolchains()
	m.Table = b.table()
	m.Summaries, m.Latencies = b.summaries(), b.latencies
	return m
}

// place identifies the trials of one cell in one experiment.
type place struct {
	experiment results.Experiment
	cell       results.Cell
	conditions stat.Conditions
}

func (p place) key(metric string) stat.Key {
	return stat.Key{Experiment: p.experiment, Cell: p.cell, Conditions: p.conditions, Metric: metric}
}

// tally counts the outcomes of a place. Spare trials are not planned ones.
type tally struct {
	planned, ok, failed, unavailable int
	// Reasons of the first of each.
	failure, lack string
	// records are the indices of those that ended well.
	records []int
}

// builder holds what all parts of the model are made from.
type builder struct {
	plan    results.Plan
	env     results.Environment
	records []results.Record
	// counted are the records whose values enter figures (see stat.Counted).
	counted []results.Record
	model   *Model

	samples   *stat.Samples
	densities []stat.Density
	latencies []stat.Latency
	// Where a key is in densities and latencies.
	densityAt, latencyAt map[stat.Key]int
	// refused has the keys of which some values were.
	refused map[stat.Key]bool
	// anchors counts those given.
	anchors map[string]int

	summary map[stat.Key]stat.Summary
	// derived samples, made of others: slopes.
	derived map[stat.Key]*stat.Sample
	tallies map[place]*tally
	// places in a fixed order.
	places []place
	states map[results.System]results.SystemState
}

func newBuilder(plan results.Plan, env results.Environment, records []results.Record) *builder {
	b := &builder{
		plan: plan, env: env, records: records, counted: stat.Counted(plan, records), model: &Model{},
		summary: map[stat.Key]stat.Summary{},
		derived: map[stat.Key]*stat.Sample{},
		tallies: map[place]*tally{},
		states:  map[results.System]results.SystemState{},

		densityAt: map[stat.Key]int{}, latencyAt: map[stat.Key]int{}, refused: map[stat.Key]bool{}, anchors: map[string]int{},
	}
	var refused, more []stat.Refusal
	b.samples, refused = stat.Group(b.counted)
	b.densities = stat.Densities(plan, b.counted, b.samples)
	b.latencies, more = stat.Latencies(b.counted)
	b.refuse(append(refused, more...))
	for i, d := range b.densities {
		b.densityAt[d.Key] = i
	}
	for i, l := range b.latencies {
		b.latencyAt[l.Key] = i
	}
	b.count()
	b.listSystems()
	return b
}

// Bounds on what records from outside could make endless: lists, the sections
// of a kind, and the rows of one.
const (
	maxListed   = 50
	maxVariants = 200
	maxRows     = 150
)

// refuse warns of values that did not enter a sample, and remembers whose.
func (b *builder) refuse(refused []stat.Refusal) {
	for i, r := range refused {
		b.refused[r.Key] = true
		switch {
		case i < maxListed:
			b.warn("refused values of %s", r)
		case i == maxListed:
			b.warn("%d more lists of values were refused", len(refused)-i)
		}
	}
}

func (b *builder) warn(format string, args ...any) {
	b.model.Warnings = append(b.model.Warnings, fmt.Sprintf(format, args...))
}

// slowed says what was slowed on purpose, so that nobody takes its figures for
// those of the runtime.
func (b *builder) slowed() {
	words := []string{"cold starts, rates and latencies were slowed on purpose"}
	for _, runner := range slices.Sorted(maps.Keys(b.plan.Slowed)) {
		words = append(words, fmt.Sprintf("those of %s by %.4g %%", runner, b.plan.Slowed[runner]*100))
	}
	if len(words) > 1 {
		b.model.Slowed = cleanMessage(strings.Join(words, ", ") + "; on the boot rung the start of the process was not")
	}
}

// count tallies plan and records by place, and orders the places.
func (b *builder) count() {
	at := func(e results.Experiment, c results.Cell, conditions map[string]string) *tally {
		p := place{e, c, stat.NewConditions(conditions)}
		if b.tallies[p] == nil {
			b.tallies[p] = &tally{}
			b.places = append(b.places, p)
		}
		return b.tallies[p]
	}
	for _, t := range b.plan.Trials {
		if x := at(t.Experiment, t.Cell, t.Conditions); !t.Spare {
			x.planned++
		}
	}
	for i, r := range b.records {
		t := at(r.Experiment, r.Cell, r.Conditions)
		switch r.Outcome {
		case results.OK:
			t.ok++
			t.records = append(t.records, i)
		case results.Unavailable:
			t.unavailable++
			t.lack = cmp.Or(t.lack, r.Error)
		default: // what is neither is no success either
			t.failed++
			t.failure = cmp.Or(t.failure, r.Error)
		}
	}
	slices.SortFunc(b.places, func(x, y place) int { return x.key("").Compare(y.key("")) })
}

// listSystems puts the systems of the environment, and those that only the
// plan or the records know, in the order in which they are shown.
func (b *builder) listSystems() {
	seen := map[results.System]bool{}
	var all []System
	add := func(s results.SystemState) {
		if seen[s.System] || s.Runner == "" && s.Mode == "" {
			return
		}
		seen[s.System] = true
		b.states[s.System] = s
		all = append(all, System{
			Name: s.System.String(), Runner: s.Runner, Mode: s.Mode, Side: sideOf(s.Runner),
			Version: s.Version, Unavailable: s.Unavailable,
		})
	}
	for _, s := range b.env.Systems {
		add(s)
	}
	for _, p := range b.places {
		add(results.SystemState{System: results.System{Runner: p.cell.Runner, Mode: p.cell.Mode}})
	}
	slices.SortStableFunc(all, func(x, y System) int {
		return cmp.Or(
			cmp.Compare(slices.Index(Sides(), x.Side), slices.Index(Sides(), y.Side)),
			cmp.Compare(runnerIndex(x.Runner), runnerIndex(y.Runner)),
		)
	})
	b.model.Systems = all
}

// sideOf is decided by what a runner takes.
func sideOf(runner string) Side {
	i := runnerIndex(runner)
	table := runners.Table()
	switch {
	case i == len(table):
		return Other
	case table[i].TakesWasm():
		return Wasm
	case runner == "process":
		return Process
	}
	return Containers
}

// runnerIndex is the place of a runner in the table, its length if it has none.
func runnerIndex(runner string) int {
	table := runners.Table()
	i := slices.IndexFunc(table, func(e runners.Entry) bool { return e.Name == runner })
	if i < 0 {
		return len(table)
	}
	return i
}

// system finds a system by name; one that has no part in the run is made up.
func (b *builder) system(s results.System) System {
	for _, known := range b.model.Systems {
		if known.Runner == s.Runner && known.Mode == s.Mode {
			return known
		}
	}
	return System{Name: s.String(), Runner: s.Runner, Mode: s.Mode, Side: sideOf(s.Runner)}
}

// sample finds a sample among those recorded and those derived.
func (b *builder) sample(k stat.Key) *stat.Sample {
	if s := b.samples.Get(k); s != nil {
		return s
	}
	return b.derived[k]
}

// entry is what there is to show of one metric at one place.
func (b *builder) entry(p place, metric string) Entry {
	if s, ok := b.summary[p.key(metric)]; ok {
		e := Entry{State: Measured, Estimate: s.Median, Percentiles: s.Percentiles, Why: b.besides(p)}
		if g, graded := b.model.Quality.Grades[s.Key]; graded {
			e.Grade = &g
		}
		return e
	}
	state, why := b.state(p)
	switch { // the trials may have ended well without this metric
	case state == Measured && b.refused[p.key(metric)]:
		return Entry{State: Failed, Why: "its values were refused, see the warnings"}
	case state == Measured:
		return Entry{State: Absent, Why: "this system has no such measure"}
	}
	return Entry{State: state, Why: why}
}

// at returns the OK records of a place, in the order in which they came.
func (b *builder) at(p place) []results.Record {
	var list []results.Record
	for _, i := range b.tallies[p].records {
		list = append(list, b.records[i])
	}
	return list
}

// besides tells of trials that failed beside those that did not.
func (b *builder) besides(p place) string {
	t := b.tallies[p]
	if t == nil || t.failed == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d trials failed: %s", t.failed, t.ok+t.failed, t.failure)
}

// state says how a place ended, with the reason. Measured means that at least
// one trial ended well.
func (b *builder) state(p place) (State, string) {
	t := b.tallies[p]
	if t == nil {
		t = &tally{}
	}
	system := b.states[results.System{Runner: p.cell.Runner, Mode: p.cell.Mode}]
	hasRung := len(system.Rungs) == 0 || slices.Contains(system.Rungs, p.cell.Rung)
	switch {
	case t.ok > 0:
		return Measured, ""
	case t.failed > 0:
		return Failed, t.failure
	case t.unavailable > 0:
		return Unavailable, t.lack
	case system.Unavailable != "":
		return Unavailable, system.Unavailable
	case !hasRung:
		return Absent, "this system has no such rung"
	case t.planned > 0:
		return Missing, "the run ended before"
	}
	return Unplanned, "not part of this run"
}
