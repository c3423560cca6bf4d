package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"edgebench/bench/identify"
	"edgebench/bench/internal/kinded"
	"edgebench/bench/look"
	"edgebench/bench/plan"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/workloads/build"
)

// Try says which programs of a user's are measured beside each other.
type Try struct {
	// Programs are files, and images by their names.
	Programs []string
	// Engine is asked for images.
	Engine identify.Engine
	// Interfaces say how programs of a kind take requests, where the user says it.
	Interfaces map[runners.Kind]runners.Interface
	// Use is that of all programs.
	Use build.UseText
	// Requests are one or more. Their responses are right where Expected is set.
	Requests []runners.Exchange
	Expected bool
	// Name of the workload in cells.
	Name string
}

// ErrTry: the call names something that cannot be tried; the message is for the user.
var ErrTry = errors.New("nothing to try")

// Try identifies the programs, looks at each, and measures those that answer.
func (h *Installation) Try(ctx context.Context, t Try, o Options, obs Observer) (Summary, error) {
	x := &session{suite: h, observer: obs}
	own := &results.Own{Learnt: !t.Expected}
	given, err := t.identify(ctx, own, obs)
	if err != nil {
		return Summary{}, err
	}
	config, err := plan.Profile("try")
	if err != nil {
		return Summary{}, err
	}
	if err := x.look(ctx, takers(plan.RunnersOf(o.Filter.Runners), config.Runners, given)); err != nil {
		return Summary{}, err
	}
	if err := plan.CheckModes(o.Filter.Runners, x.survey.systems()); err != nil {
		return Summary{}, kinded.New(ErrTry, err)
	}
	found, err := x.lookAt(ctx, t, given, own)
	if err != nil {
		return Summary{}, err
	}
	w, err := t.workload(given, found, own)
	if err == nil {
		err = h.Set.Add(w)
	}
	if err != nil {
		return Summary{}, kinded.New(ErrTry, err)
	}
	o.Config, o.Own = config.For([]string{w.Name}, w.Languages), own
	next := &session{suite: h, observer: obs, survey: x.survey}
	return next.begin(ctx, o)
}

// takers are the runners, of those asked for or else of the usual ones, that take any
// of the programs.
func takers(asked, usual []string, given []candidate) (names []string) {
	if len(asked) == 0 {
		asked = usual
	}
	for _, name := range asked {
		e, _ := runners.Find(name)
		if slices.ContainsFunc(given, func(c candidate) bool { return slices.Contains(e.Takes, c.Kind) }) {
			names = append(names, name)
		}
	}
	return names
}

// candidate is a program that was identified, with its place in the record.
type candidate struct {
	identify.Program
	given build.Given
	at    int // in results.Own
	// interfaceGiven says that the user says how it takes requests.
	interfaceGiven bool
}

// identify identifies all programs. One that is refused is noted, unless none is left.
func (t Try) identify(ctx context.Context, own *results.Own, obs Observer) ([]candidate, error) {
	var list []candidate
	var refused error
	for _, text := range t.Programs {
		obs.Step("identifying " + filepath.Base(text))
		p, err := identify.One(ctx, text, t.Engine)
		switch {
		case errors.Is(err, identify.ErrRefused):
			refused = errors.Join(refused, err)
			reason := strings.TrimPrefix(err.Error(), p.Name+": ")
			own.Programs = append(own.Programs, results.Program{Build: t.buildName(p, own), Name: p.Name, Kind: string(p.Kind), Form: string(p.Form), Refused: reason})
			continue
		case err != nil:
			return nil, kinded.New(ErrTry, err)
		}
		c := candidate{Program: p, at: len(own.Programs)}
		c.given = build.Given{Kind: p.Kind, What: p.What, Build: t.buildName(p, own), Interface: p.Interface}
		if iface, ok := t.Interfaces[p.Kind]; ok {
			c.given.Interface, c.interfaceGiven = iface, true
		}
		if err := t.Use.Give(&c.given, ""); err != nil {
			return nil, kinded.New(ErrTry, err)
		}
		own.Programs = append(own.Programs, results.Program{Build: c.given.Build, Name: p.Name, Kind: string(p.Kind), Form: string(p.Form)})
		list = append(list, c)
	}
	if len(list) == 0 {
		return nil, kinded.New(ErrTry, refused)
	}
	if refused != nil {
		obs.Note(oneLine(refused))
	}
	return list, nil
}

var notInName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// buildName names a program in cells: as the user does, as far as a name of a
// benchmark may, and with a number where another one has the name.
func (t Try) buildName(p identify.Program, own *results.Own) string {
	name := strings.Trim(notInName.ReplaceAllString(p.Name, "-"), "-")
	if name == "" {
		name = "program"
	}
	taken := func(name string) bool {
		return slices.ContainsFunc(own.Programs, func(o results.Program) bool { return o.Build == name })
	}
	unique := name
	for n := 2; taken(unique); n++ {
		unique = fmt.Sprintf("%s-%d", name, n)
	}
	return unique
}

// workload is the programs that answered, with the right responses.
func (t Try) workload(given []candidate, found map[int]look.Found, own *results.Own) (build.Workload, error) {
	exchanges := slices.Clone(t.Requests)
	for i := range exchanges {
		var all []look.Answers
		for _, c := range given {
			if f, ok := found[c.at]; ok {
				all = append(all, look.Answers{Program: c.Name, First: f.First[i], Second: f.Second[i]})
			}
		}
		right, err := t.right(exchanges[i], all)
		if err != nil {
			return build.Workload{}, err
		}
		exchanges[i].Response = right
	}
	w := build.Own{Name: t.Name, Exchanges: exchanges}
	for _, c := range given {
		if f, ok := found[c.at]; ok {
			c.given.Interface = f.Interface
			own.Programs[c.at].Interface = string(f.Interface)
			w.Given = append(w.Given, c.given)
		}
	}
	return w.Workload()
}

// right is the response that is given, or learnt.
func (t Try) right(x runners.Exchange, all []look.Answers) ([]byte, error) {
	if !t.Expected {
		return look.Learn(all)
	}
	for _, a := range all {
		if err := look.Check(a, x.Response); err != nil {
			return nil, err
		}
	}
	return x.Response, nil
}
