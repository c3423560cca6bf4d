package report

import (
	"maps"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"edgebench/results"
)

// maxText bounds messages from outside, in runes. Names are not cut, since
// they tell cells apart.
const maxText = 400

// maxSentences bounds what a record says of its disturbance.
const maxSentences = 16

// clean makes a text printable on one line: white space becomes a space, and
// what does not print (control characters, escape sequences, marks that
// reorder text, broken UTF-8) becomes visible as an escape such as \x1b.
func clean(s string) string {
	if printable(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + strconv.FormatUint(uint64(s[i]), 16))
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}

func printable(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// cleanMessage also cuts.
func cleanMessage(s string) string {
	s = strings.TrimSpace(clean(s))
	if r := []rune(s); len(r) > maxText {
		return string(r[:maxText]) + "…"
	}
	return s
}

func cleanMap(m map[string]string) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[clean(k)] = cleanMessage(v)
	}
	return out
}

func cleanSystem(s results.System) results.System {
	return results.System{Runner: clean(s.Runner), Mode: clean(s.Mode)}
}

func cleanSystems(list []results.System) []results.System {
	out := make([]results.System, len(list))
	for i, s := range list {
		out[i] = cleanSystem(s)
	}
	return out
}

func cleanCell(c results.Cell) results.Cell {
	return results.Cell{
		Runner: clean(c.Runner), Mode: clean(c.Mode), Workload: clean(c.Workload),
		Language: clean(c.Language), Rung: results.Rung(clean(string(c.Rung))),
	}
}

// cleanRecords copies the records with clean texts. The values are shared.
func cleanRecords(records []results.Record) []results.Record {
	out := make([]results.Record, len(records))
	for i, r := range records {
		r.Run = clean(r.Run)
		r.Cell = cleanCell(r.Cell)
		r.Experiment = results.Experiment(clean(string(r.Experiment)))
		r.Error = cleanMessage(r.Error)
		r.Conditions = cleanMap(r.Conditions)
		r.Facts = cleanMap(r.Facts)
		r.Metrics = cleanMetrics(r.Metrics)
		r.Phases = cleanMetrics(r.Phases)
		r.Histograms = append([]results.Histogram(nil), r.Histograms...)
		for j, h := range r.Histograms {
			r.Histograms[j].Name, r.Histograms[j].Unit = clean(h.Name), clean(h.Unit)
		}
		r.Warnings = append([]string(nil), r.Warnings...)
		for j, w := range r.Warnings {
			r.Warnings[j] = cleanMessage(w)
		}
		r.Disturbed = append([]string(nil), r.Disturbed[:min(len(r.Disturbed), maxSentences)]...)
		for j, d := range r.Disturbed {
			r.Disturbed[j] = cleanMessage(d)
		}
		out[i] = r
	}
	return out
}

func cleanMetrics(list []results.Metric) []results.Metric {
	out := append([]results.Metric(nil), list...)
	for i, m := range out {
		out[i].Name, out[i].Unit = clean(m.Name), clean(m.Unit)
	}
	return out
}

// cleanPlan copies what the report shows of a plan.
func cleanPlan(p results.Plan) results.Plan {
	p.Run, p.Profile = clean(p.Run), clean(p.Profile)
	t := &p.Table
	t.Workload, t.Language = clean(t.Workload), clean(t.Language)
	t.Containers, t.Wasm, t.Fallback = cleanSystems(t.Containers), cleanSystems(t.Wasm), cleanSystems(t.Fallback)
	t.Reference = cleanSystem(t.Reference)
	p.Trials = append([]results.Trial(nil), p.Trials...)
	for i := range p.Trials {
		p.Trials[i].Cell = cleanCell(p.Trials[i].Cell)
		p.Trials[i].Conditions = cleanMap(p.Trials[i].Conditions)
	}
	return p
}

// cleanEnvironment copies what the report shows of an environment.
func cleanEnvironment(e results.Environment) results.Environment {
	h := &e.Host
	for _, s := range []*string{&e.Run, &e.Commit, &h.OS, &h.Arch, &h.Kernel, &h.CPU, &h.ClockSource,
		&h.Governor, &h.Virtual, &h.Cgroup, &h.GoVersion, &h.Microcode, &h.Distribution, &h.Libc, &e.Changes} {
		*s = cleanMessage(*s)
	}
	h.Settings, e.Toolchain = cleanMap(maps.Clone(h.Settings)), cleanMap(maps.Clone(e.Toolchain))
	e.Agents = cleanAgents(e.Agents)
	e.Systems = append([]results.SystemState(nil), e.Systems...)
	for i := range e.Systems {
		s := &e.Systems[i]
		s.System = cleanSystem(s.System)
		s.Version, s.Unavailable = cleanMessage(s.Version), cleanMessage(s.Unavailable)
		s.Settings = cleanMap(maps.Clone(s.Settings))
	}
	e.Artefacts = append([]results.ArtefactState(nil), e.Artefacts...)
	for i := range e.Artefacts {
		a := &e.Artefacts[i]
		a.Workload, a.Language, a.Kind = clean(a.Workload), clean(a.Language), clean(a.Kind)
		a.Toolchain, a.Flags, a.Unavailable = cleanMessage(a.Toolchain), cleanMessage(a.Flags), cleanMessage(a.Unavailable)
	}
	e.Command = append([]string(nil), e.Command...)
	for i := range e.Command {
		e.Command[i] = cleanMessage(e.Command[i])
	}
	return e
}

func cleanAgents(list []results.AgentState) []results.AgentState {
	out := append([]results.AgentState(nil), list...)
	for i, a := range out {
		a.Runner, a.SHA256, a.GoVersion = clean(a.Runner), clean(a.SHA256), cleanMessage(a.GoVersion)
		a.Compilers = append([]string(nil), a.Compilers...)
		for j, c := range a.Compilers {
			a.Compilers[j] = cleanMessage(c)
		}
		a.Settings = cleanMap(maps.Clone(a.Settings))
		out[i] = a
	}
	return out
}
