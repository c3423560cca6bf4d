package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"edgebench/bench/stat"
	"edgebench/results"
)

// conditions fills in what identifies the run and the machine.
func (b *builder) conditions() {
	m, h := b.model, b.env.Host
	m.Run = cmp.Or(b.plan.Run, b.env.Run)
	m.At = b.env.At
	m.Title = "Containers versus WebAssembly at the edge"
	if b.plan.Profile != "" {
		m.Title += ", profile " + b.plan.Profile
	}
	add := func(name, value string) {
		if value != "" {
			m.Conditions = append(m.Conditions, Fact{name, value})
		}
	}
	add("run", m.Run)
	if !m.At.IsZero() {
		add("at", m.At.UTC().Format(time.RFC3339))
	}
	add("suite", b.env.Commit)
	add("command", strings.Join(b.env.Command, " "))
	add("profile", b.plan.Profile)
	add("seed", strconv.FormatUint(b.plan.Seed, 10))
	if b.plan.Budget > 0 {
		add("budget", b.plan.Budget.String())
	}
	add("system", strings.TrimSpace(h.OS+" "+h.Kernel+" "+h.Arch))
	add("processor", h.CPU)
	if h.Cores > 0 {
		add("cores", strconv.Itoa(h.Cores))
	}
	if h.Memory > 0 {
		add("memory", Quantity(float64(h.Memory), results.Bytes))
	}
	add("clock source", h.ClockSource)
	add("frequency governor", h.Governor)
	add("virtualisation", h.Virtual)
	add("control groups", h.Cgroup)
	add("Go", h.GoVersion)
	for _, name := range slices.Sorted(maps.Keys(h.Settings)) {
		m.Settings = append(m.Settings, Fact{name, h.Settings[name]})
	}
}

// outcomes counts trials, and lists failures, what was left out and warnings.
func (b *builder) outcomes() {
	b.countTrials()
	b.listFailures()
	b.listLeftOut()
	b.listWarnings()
}

func (b *builder) countTrials() {
	c := &b.model.Counts
	recorded := map[int]bool{}
	for _, r := range b.records {
		recorded[r.Seq] = true
		switch r.Outcome {
		case results.OK:
			c.OK++
		case results.Unavailable:
			c.Unavailable++
		default:
			c.Failed++
		}
	}
	for _, t := range b.plan.Trials {
		switch {
		case !t.Spare:
			c.Planned++
			if !recorded[t.Seq] {
				c.Missing++
			}
		case recorded[t.Seq]:
			c.Spare++
		}
	}
}

// Asked says how many trials were to be made: the planned ones, and the spare
// ones that were needed.
func (c Counts) Asked() string {
	if c.Spare == 0 {
		return fmt.Sprintf("%d planned", c.Planned)
	}
	return fmt.Sprintf("%d planned and %d spare", c.Planned, c.Spare)
}

// listFailures groups the trials that failed by cell and reason.
func (b *builder) listFailures() {
	type group struct {
		place
		reason string
	}
	at := map[group]int{}
	list := []Failure{}
	for _, r := range b.records {
		if r.Outcome == results.OK || r.Outcome == results.Unavailable {
			continue
		}
		p := place{r.Experiment, r.Cell, stat.NewConditions(r.Conditions)}
		g := group{p, r.Error}
		i, known := at[g]
		if !known {
			i = len(list)
			at[g] = i
			list = append(list, Failure{
				Experiment: r.Experiment, Cell: r.Cell, Conditions: p.conditions.String(),
				Outcome: r.Outcome, Reason: cmp.Or(r.Error, "no reason is recorded"), Seq: r.Seq,
			})
		}
		list[i].Trials++
		list[i].Seq = min(list[i].Seq, r.Seq)
	}
	slices.SortStableFunc(list, func(x, y Failure) int { return cmp.Compare(x.Seq, y.Seq) })
	if len(list) > maxListed {
		b.warn("%d more groups of failures are not listed; the records have them all", len(list)-maxListed)
		list = list[:maxListed]
	}
	b.model.Failures = list
}

// listLeftOut names systems, artefacts and cells that were not measured.
func (b *builder) listLeftOut() {
	seen := map[LeftOut]bool{}
	add := func(what, reason string) {
		l := LeftOut{What: what, Reason: reason}
		if reason == "" || seen[l] {
			return
		}
		seen[l] = true
		b.model.LeftOut = append(b.model.LeftOut, l)
	}
	for _, s := range b.model.Systems {
		add(s.Name, s.Unavailable)
	}
	for _, a := range b.env.Artefacts {
		add(fmt.Sprintf("%s in %s (%s)", a.Workload, a.Language, a.Kind), a.Unavailable)
	}
	for _, p := range b.places {
		name := p.cell.System()
		if t := b.tallies[p]; t.unavailable > 0 && t.ok == 0 && b.states[results.System{Runner: p.cell.Runner, Mode: p.cell.Mode}].Unavailable == "" {
			add(fmt.Sprintf("%s, %s in %s", name, p.cell.Workload, p.cell.Language), t.lack)
		}
	}
	if n := len(b.model.LeftOut); n > maxListed {
		b.warn("%d more things were left out; the environment and the records name them", n-maxListed)
		b.model.LeftOut = b.model.LeftOut[:maxListed]
	}
}

// listWarnings adds those about the run as a whole and, once each, those of
// the records.
func (b *builder) listWarnings() {
	if b.plan.Run != "" && b.env.Run != "" && b.plan.Run != b.env.Run {
		b.warn("the plan is of run %s, the environment of run %s", b.plan.Run, b.env.Run)
	}
	foreign, run := 0, b.model.Run
	times := map[string]int{}
	var order []string
	for _, r := range b.records {
		if run != "" && r.Run != run {
			foreign++
		}
		for _, w := range r.Warnings {
			if times[w] == 0 {
				order = append(order, w)
			}
			times[w]++
		}
	}
	if foreign > 0 {
		b.warn("%d records are of another run than %s", foreign, run)
	}
	for i, w := range order {
		if i == maxListed {
			b.warn("%d more warnings are in the records", len(order)-i)
			break
		}
		b.warn("%s (%s)", w, Plural(times[w], "trial"))
	}
	if c := b.model.Counts; c.Missing > 0 {
		b.warn("%s of %d planned have no record: resume the run to complete it", Plural(c.Missing, "trial"), c.Planned)
	}
}

// Machine names what the run was made on and the run, in one line.
func (m *Model) Machine() string {
	var parts []string
	for _, want := range []string{"processor", "cores", "system", "run"} {
		for _, f := range m.Conditions {
			switch {
			case f.Name != want:
			case want == "cores":
				parts = append(parts, f.Value+" cores")
			case want == "run":
				parts = append(parts, "run "+f.Value)
			default:
				parts = append(parts, f.Value)
			}
		}
	}
	return strings.Join(parts, ", ")
}
