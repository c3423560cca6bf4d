package build

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"edgebench/runners"
	"edgebench/runners/source"
)

// Folder is where the workloads lie below the suite's root.
const Folder = "workloads"

// Workload is a program with requests and the responses that are right for
// them.
type Workload struct {
	Name string
	// Description is one line; Rules, where there are any, are exact enough to
	// write the program again in another language.
	Description string
	Rules       string
	// Hidden workloads are found by name but are part of no matrix.
	Hidden    bool
	Languages []string
	// Exchanges are sorted by name. They hold for an instance that has served
	// no one, in this order; unless the workload is hidden, also in any other
	// order and over and over.
	Exchanges []runners.Exchange
	// Sources of third parties, in the manifest's order.
	Sources []Source
	// Files is the folder of the files that a guest finds in its working
	// directory, "" where it needs none.
	Files string

	options map[string]options
	modules map[string]module
	own     []Given
}

// Comes says whether the workload has artefacts of this kind in a language.
func (w Workload) Comes(language string, kind runners.Kind) bool {
	if len(w.own) > 0 {
		return slices.ContainsFunc(w.own, func(g Given) bool { return g.Build == language && g.Kind == kind })
	}
	return slices.Contains(w.Languages, language) && Comes(language, kind)
}

// KindFor gives the kind in which a workload comes for a runner, ok if there is
// one: the last of those it takes, so that a user's image goes before an
// executable, of which an image would only be made.
func (w Workload) KindFor(language string, takes []runners.Kind) (kind runners.Kind, ok bool) {
	for _, k := range takes {
		if w.Comes(language, k) {
			kind, ok = k, true
		}
	}
	return kind, ok
}

// Interface is how an artefact takes requests.
func (w Workload) Interface(language string, kind runners.Kind) runners.Interface {
	for _, g := range w.own {
		if g.Build == language && g.Kind == kind {
			return g.Interface
		}
	}
	return runners.Frames
}

// Set holds all workloads.
type Set struct {
	byName map[string]Workload
}

// Open reads every workload below the suite's root. Its error is one line that
// names the file.
func Open(root string) (*Set, error) {
	dir := filepath.Join(root, Folder)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the workloads: %w", err)
	}
	s := &Set{byName: make(map[string]Workload)}
	for _, e := range entries {
		file := filepath.Join(dir, e.Name(), manifestFile)
		if _, err := os.Stat(file); !e.IsDir() || os.IsNotExist(err) {
			continue
		}
		w, err := openWorkload(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		s.byName[w.Name] = w
	}
	if len(s.byName) == 0 {
		return nil, fmt.Errorf("%s has no folder with a %s", dir, manifestFile)
	}
	return s, nil
}

// List returns the workloads that are not hidden, sorted by name.
func (s *Set) List() []Workload {
	var list []Workload
	for _, name := range sortedKeys(s.byName) {
		if w := s.byName[name]; !w.Hidden {
			list = append(list, w)
		}
	}
	return list
}

// Add takes up a workload of the user's.
func (s *Set) Add(w Workload) error {
	if _, taken := s.byName[w.Name]; taken {
		return fmt.Errorf("there is a workload %s already: choose another name", w.Name)
	}
	s.byName[w.Name] = w
	return nil
}

// All returns every workload, also the hidden ones, sorted by name.
func (s *Set) All() []Workload {
	var list []Workload
	for _, name := range sortedKeys(s.byName) {
		list = append(list, s.byName[name])
	}
	return list
}

// Find returns a workload, also a hidden one. The error names those that can be
// chosen.
func (s *Set) Find(name string) (Workload, error) {
	if w, ok := s.byName[name]; ok {
		return w, nil
	}
	var known []string
	for _, w := range s.List() {
		known = append(known, w.Name)
	}
	return Workload{}, fmt.Errorf("there is no workload %q: there are %s", name, strings.Join(known, ", "))
}

func openWorkload(dir string) (Workload, error) {
	file := filepath.Join(dir, manifestFile)
	text, err := readBounded(file, maxManifest)
	if err != nil {
		return Workload{}, err
	}
	m, err := parseManifest(file, text)
	if err != nil {
		return Workload{}, err
	}
	if m.Name != filepath.Base(dir) {
		return Workload{}, fmt.Errorf("%s: name is %q and the folder's %q: they must be the same", file, m.Name, filepath.Base(dir))
	}
	exchanges, err := readExchanges(filepath.Join(dir, "requests"))
	if err != nil {
		return Workload{}, err
	}
	if i := slices.IndexFunc(exchanges, func(x runners.Exchange) bool { return len(x.Request) == 0 }); i >= 0 && m.Own == nil {
		return Workload{}, fmt.Errorf("%s.req is empty: an empty request is a ping, which never reaches a workload", filepath.Join(dir, "requests", exchanges[i].Name))
	}
	w := Workload{
		Name: m.Name, Description: m.Description, Rules: m.Rules, Hidden: m.Hidden,
		Languages: m.Languages, Exchanges: exchanges, Sources: m.Sources,
		options: m.Build, modules: m.Modules,
	}
	if m.Own != nil {
		given, err := m.Own.given(dir)
		if err != nil {
			return w, fmt.Errorf("%s: %w", file, err)
		}
		own, err := Own{Name: m.Name, Given: given, Exchanges: exchanges}.Workload()
		if err != nil {
			return w, fmt.Errorf("%s: %w", file, err)
		}
		w.Languages, w.own = own.Languages, own.own
	}
	if files := filepath.Join(dir, filesFolder); exists(files) {
		w.Files = files
	}
	return w, nil
}

// readBounded reads a regular file of at most limit bytes.
func readBounded(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	return readUpTo(f, path, limit)
}

// readUpTo reads all that there is, which is an error if it is more than the limit.
func readUpTo(r io.Reader, path string, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("%s has more than the %d bytes that are read: %w", path, limit, runners.ErrTooLarge)
	}
	return b, nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// filesFolder holds what a guest finds in its working directory.
const filesFolder = "files"

// Commits says whether the modules of a language are in the repository: they
// are where they consist of our own code and their language's runtime, and are
// small.
func (w Workload) Commits(language string) bool {
	l, _ := findLanguage(language)
	return l.committed && !slices.ContainsFunc(w.Sources, func(s Source) bool { return s.Language == base(language) })
}

// optionsOf gives the options of a language, in which those of a build with
// something apart come after those of the plain one.
func (w Workload) optionsOf(language string) options {
	o := w.options[base(language)]
	if apart := w.options[language]; language != base(language) {
		o.Sources = slices.Concat(o.Sources, apart.Sources)
		o.Exclude = slices.Concat(o.Exclude, apart.Exclude)
		o.Include = slices.Concat(o.Include, apart.Include)
		o.Flags = slices.Concat(o.Flags, apart.Flags)
		o.StackBytes = cmp.Or(apart.StackBytes, o.StackBytes)
	}
	return o
}

// committed checks the module that is in the repository for a language.
func (w Workload) committed(root, language string, kind runners.Kind) (Built, error) {
	p, pinned := w.modules[language]
	if !pinned || p.File == "" {
		return Built{}, fmt.Errorf("the module of %s in %s is not in the repository: %w: run scripts/build-workloads.sh, which makes it", w.Name, language, runners.ErrUnavailable)
	}
	path := filepath.Join(root, Folder, w.Name, filepath.FromSlash(p.File))
	sum, size, err := source.HashFile(path)
	if err != nil {
		return Built{}, fmt.Errorf("read the module of %s in %s: %w", w.Name, language, err)
	}
	if sum != p.SHA256 || size != p.SizeBytes {
		return Built{}, fmt.Errorf("%s has %d bytes with SHA-256 %s, its manifest says %d with %s (scripts/build-workloads.sh makes both anew): %w",
			path, size, sum, p.SizeBytes, p.SHA256, runners.ErrMalformed)
	}
	a := runners.Artefact{Workload: w.Name, Language: language, Kind: kind, Path: path, SHA256: sum, Size: size, Files: w.Files}
	return Built{Artefact: a, Toolchain: p.Toolchain, Flags: p.Flags}, nil
}
