package build

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"edgebench/results"
	"edgebench/runners"
)

// OwnLanguage is what a cell has for its language where the artefacts were
// made by the user, and nobody here knows from what.
const OwnLanguage = "own"

// Own is a user's own program: what was built elsewhere, with requests and the
// responses that are right for them.
type Own struct {
	// Name of the workload in cells and reports.
	Name string
	// Given are the artefacts, at least one.
	Given []Given
	// Exchanges are one or more.
	Exchanges []runners.Exchange
}

// ownManifest is the section [own] of a manifest, with files below its folder.
type ownManifest struct {
	Wasm      string             `toml:"wasm"`
	Native    string             `toml:"native"`
	Image     string             `toml:"image"`
	Interface map[string]string  `toml:"interface"`
	Use       map[string]UseText `toml:"use"`
}

// Workload makes one of the user's artefacts, which is checked as far as it can
// be without running them. An error is one line for the user.
func (o Own) Workload() (Workload, error) {
	w := Workload{
		Name: o.Name, Description: "the user's own", Exchanges: o.Exchanges, own: slices.Clone(o.Given),
	}
	if !validName.MatchString(o.Name) {
		return w, fmt.Errorf("the name %.60q must be 1 to 32 small letters, digits and dashes and begin with a letter", o.Name)
	}
	if len(o.Given) == 0 {
		return w, errors.New("there is nothing to measure: give a module, an executable or an image")
	}
	if len(o.Exchanges) == 0 {
		return w, errors.New("there is no request: give one with the response that is right for it")
	}
	for i := range w.own {
		g := &w.own[i]
		g.Build = cmp.Or(g.Build, OwnLanguage)
		if slices.ContainsFunc(w.own[:i], func(h Given) bool { return h.Build == g.Build && h.Kind == g.Kind }) {
			return w, fmt.Errorf("there are two programs %s", g.Build)
		}
		if err := g.check(); err != nil {
			return w, err
		}
		if !slices.Contains(w.Languages, g.Build) {
			w.Languages = append(w.Languages, g.Build)
		}
		if err := g.answersAll(o.Exchanges); err != nil {
			return w, err
		}
	}
	return w, nil
}

// Given are the user's programs, none for a workload of the suite.
func (w Workload) Given() []Given { return slices.Clone(w.own) }

// Own describes the user's programs, nil for a workload of the suite.
func (w Workload) Own() *results.Own {
	if len(w.own) == 0 {
		return nil
	}
	o := &results.Own{}
	for _, g := range w.own {
		o.Programs = append(o.Programs, results.Program{Build: g.Build, Name: g.Name(), Kind: string(g.Kind), Interface: string(g.Interface)})
	}
	return o
}

// answersAll refuses an empty request of a program that takes it for a ping.
func (g *Given) answersAll(exchanges []runners.Exchange) error {
	for _, x := range exchanges {
		if g.Interface == runners.Frames && len(x.Request) == 0 {
			return fmt.Errorf("the request %.60q is empty, and %s, which has edgebench's own interface, takes an empty one for a ping: give a request with something in it", x.Name, g.Name())
		}
	}
	return nil
}

// OpenOwn reads a workload folder of the user's.
func OpenOwn(dir string) (Workload, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Workload{}, err
	}
	w, err := openWorkload(dir)
	if err != nil {
		return w, err
	}
	if len(w.own) == 0 {
		return w, fmt.Errorf("%s has no section [own] with a module, an executable or an image", filepath.Join(dir, manifestFile))
	}
	return w, nil
}

// given makes artefacts of a manifest's section.
func (m *ownManifest) given(dir string) ([]Given, error) {
	var list []Given
	for _, entry := range []struct {
		kind runners.Kind
		what string
	}{{runners.Wasm, m.Wasm}, {runners.Native, m.Native}, {runners.Image, m.Image}} {
		use, hasUse := m.Use[string(entry.kind)]
		if entry.what == "" {
			if m.Interface[string(entry.kind)] != "" {
				return nil, fmt.Errorf("own.interface.%s belongs to nothing that is given", entry.kind)
			}
			if hasUse {
				return nil, fmt.Errorf("own.use.%s belongs to nothing that is given", entry.kind)
			}
			continue
		}
		g := Given{Kind: entry.kind, What: entry.what, Interface: runners.Interface(m.Interface[string(entry.kind)])}
		if err := use.Give(&g, dir); err != nil {
			return nil, fmt.Errorf("own.use.%s: %w", entry.kind, err)
		}
		if entry.kind != runners.Image || LooksLikePath(entry.what) {
			if !filepath.IsLocal(entry.what) {
				return nil, fmt.Errorf("own.%s is %.60q: it must be a path below the workload's folder", entry.kind, entry.what)
			}
			g.What = filepath.Join(dir, filepath.FromSlash(entry.what))
		}
		list = append(list, g)
	}
	return list, nil
}

// check wants at least one artefact, and no words for what is none.
func (m *ownManifest) check() error {
	if m.Wasm == "" && m.Native == "" && m.Image == "" {
		return errors.New("[own] has neither wasm nor native nor image")
	}
	for _, s := range []string{m.Wasm, m.Native, m.Image} {
		if len(s) > maxOption || !printable(s) {
			return fmt.Errorf("[own] has %.60q, which is no path of at most %d bytes", s, maxOption)
		}
	}
	kinds := []string{string(runners.Wasm), string(runners.Native), string(runners.Image)}
	for _, kind := range append(sortedKeys(m.Interface), sortedKeys(m.Use)...) {
		if !slices.Contains(kinds, kind) {
			return fmt.Errorf("[own] has %.60q, which is no kind of artefact: wasm, native and image are", kind)
		}
	}
	return nil
}
