// Package clean makes outside input printable: no control characters, no escape
// sequences, no reordering of text, and bounded length. Functions return copies and
// do not change their arguments.
package clean

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"edgebench/results"
)

// MaxText bounds messages from outside, in runes. Names are not cut, since
// they tell cells apart.
const MaxText = 400

// Text makes a text printable on one line: white space becomes a space, and
// what does not print (control characters, escape sequences, marks that
// reorder text, broken UTF-8) becomes visible as an escape such as \x1b.
func Text(s string) string {
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

// Message makes a text printable and cuts it to MaxText.
func Message(s string) string {
	s = strings.TrimSpace(Text(s))
	if r := []rune(s); len(r) > MaxText {
		return string(r[:MaxText]) + "…"
	}
	return s
}

func texts(m map[string]string) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[Text(k)] = Message(v)
	}
	return out
}

func system(s results.System) results.System {
	return results.System{Runner: Text(s.Runner), Mode: Text(s.Mode)}
}

// Cell cleans the names of a cell.
func Cell(c results.Cell) results.Cell {
	return results.Cell{
		System: system(c.System), Artefact: artefact(c.Artefact),
		Experiment: results.Experiment(Text(string(c.Experiment))), Params: results.Params(Text(string(c.Params))),
	}
}

func artefact(a results.Artefact) results.Artefact {
	return results.Artefact{Workload: Text(a.Workload), Build: Text(a.Build)}
}

// Records cleans all texts of records. Their values are shared.
func Records(records []results.Record) []results.Record {
	out := make([]results.Record, len(records))
	for i, r := range records {
		r.Run, r.Kind, r.Error = Text(r.Run), Text(r.Kind), Message(r.Error)
		r.Cell = Cell(r.Cell)
		r.Metrics = metrics(r.Metrics)
		r.Phases = metrics(r.Phases)
		r.Histograms = append([]results.Histogram(nil), r.Histograms...)
		for j, h := range r.Histograms {
			r.Histograms[j].Name, r.Histograms[j].Unit = Text(h.Name), Text(h.Unit)
		}
		r.Stop, r.ProcessStop = stop(r.Stop), stop(r.ProcessStop)
		r.Checks = checks(r.Checks)
		r.Warnings = append([]results.Warning(nil), r.Warnings...)
		for j, w := range r.Warnings {
			r.Warnings[j] = results.Warning{Code: Text(w.Code), Text: Message(w.Text)}
		}
		out[i] = r
	}
	return out
}

// stop cleans a copy.
func checks(list []results.Check) []results.Check {
	out := make([]results.Check, len(list))
	for i, c := range list {
		out[i] = results.Check{
			Group: Text(c.Group), Name: Text(c.Name), Result: Text(c.Result), Expected: Text(c.Expected),
			Evidence: Message(c.Evidence),
		}
	}
	return out
}

func stop(s *results.Stop) *results.Stop {
	if s == nil {
		return nil
	}
	c := *s
	c.Reason, c.Resource = results.StopReason(Message(string(s.Reason))), results.Resource(Message(string(s.Resource)))
	c.Setting, c.Detail = Message(s.Setting), Message(s.Detail)
	return &c
}

func metrics(list []results.Metric) []results.Metric {
	out := append([]results.Metric(nil), list...)
	for i, m := range out {
		out[i].Name, out[i].Unit = Text(m.Name), Text(m.Unit)
	}
	return out
}

// Plan cleans what is shown of a plan.
func Plan(p results.Plan) results.Plan {
	p.Run, p.Profile = Text(p.Run), Text(p.Profile)
	t := &p.Table
	t.Artefact = artefact(t.Artefact)
	*t = t.Map(system)
	for i := range t.Classes {
		c := &t.Classes[i]
		c.Side, c.What, c.How = Text(c.Side), Text(c.What), Text(c.How)
		c.Artefacts = append([]results.Artefact(nil), c.Artefacts...)
		for j, a := range c.Artefacts {
			c.Artefacts[j] = artefact(a)
		}
	}
	p.Own = own(p.Own)
	p.Specs = append([]results.Spec(nil), p.Specs...)
	for i := range p.Specs {
		p.Specs[i].Cell = Cell(p.Specs[i].Cell)
	}
	return p
}

// own cleans a copy.
func own(o *results.Own) *results.Own {
	if o == nil {
		return nil
	}
	c := *o
	c.Programs = append([]results.Program(nil), o.Programs...)
	for i := range c.Programs {
		p := &c.Programs[i]
		for _, s := range []*string{&p.Build, &p.Name, &p.Kind, &p.Form, &p.Interface} {
			*s = Text(*s)
		}
		p.Refused = Message(p.Refused)
	}
	return &c
}

// Environment cleans what is shown of an environment.
func Environment(e results.Environment) results.Environment {
	h := &e.Host
	for _, s := range []*string{&e.Run, &e.Commit, &h.OS, &h.Arch, &h.Kernel, &h.CPU, &h.ClockSource,
		&h.Governor, &h.Virtual, &h.Cgroup, &h.GoVersion, &h.Microcode, &h.Distribution, &h.Libc, &e.Changes} {
		*s = Message(*s)
	}
	h.Settings, e.Toolchain = texts(h.Settings), texts(e.Toolchain)
	e.Agents = agents(e.Agents)
	e.Systems = append([]results.SystemState(nil), e.Systems...)
	for i := range e.Systems {
		s := &e.Systems[i]
		s.System = system(s.System)
		s.Version, s.Released, s.Unavailable = Message(s.Version), Message(s.Released), Message(s.Unavailable)
		s.Library = Text(s.Library)
		s.Settings = texts(s.Settings)
	}
	e.Artefacts = append([]results.ArtefactState(nil), e.Artefacts...)
	for i := range e.Artefacts {
		a := &e.Artefacts[i]
		a.Artefact, a.Kind = artefact(a.Artefact), Text(a.Kind)
		a.Toolchain, a.Flags, a.Unavailable = Message(a.Toolchain), Message(a.Flags), Message(a.Unavailable)
	}
	e.Command = append([]string(nil), e.Command...)
	for i := range e.Command {
		e.Command[i] = Message(e.Command[i])
	}
	return e
}

func agents(list []results.AgentState) []results.AgentState {
	out := append([]results.AgentState(nil), list...)
	for i, a := range out {
		a.Runner, a.SHA256, a.GoVersion = Text(a.Runner), Text(a.SHA256), Message(a.GoVersion)
		a.Compilers = append([]string(nil), a.Compilers...)
		for j, c := range a.Compilers {
			a.Compilers[j] = Message(c)
		}
		a.Settings = texts(a.Settings)
		out[i] = a
	}
	return out
}
