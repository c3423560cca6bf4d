package build

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
)

// Source is third-party code that a workload is built from. It is fetched when
// a workload is built by scripts/build-workloads.sh, checked, and kept in the
// user's cache folder; never in the repository.
type Source struct {
	// Name is the folder in which its files are found.
	Name string `toml:"name"`
	// Language is that of the builds which take it.
	Language string `toml:"language"`
	// From is where it comes from.
	From Origin `toml:"from"`
	// Package is its name there, Version the exact version.
	Package string `toml:"package"`
	Version string `toml:"version"`
	// File is the archive's name in a Debian source package.
	File string `toml:"file"`
	// SHA256 is of the archive, or of the list of a crate's files (hashFiles).
	SHA256 string `toml:"sha256"`
	// Sum is that of a Go module, as in go.sum.
	Sum string `toml:"sum"`
	// Licence is an SPDX expression.
	Licence string `toml:"licence"`
}

// Origin is where third-party code comes from.
type Origin string

// Origins.
const (
	// Debian is a Debian source package, of which the orig tarball counts.
	Debian Origin = "debian"
	// GoModule is a Go module. One that go.mod requires is checked by go.sum
	// and built like our own code; any other is fetched for files in it.
	GoModule Origin = "go"
	// Crate is a Rust crate that Debian packages (librust-*-dev).
	Crate Origin = "cargo"
)

// maxSources bounds the sources of a workload.
const maxSources = 16

var (
	validPackage = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/+-]{0,120}$`)
	validVersion = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.+~:-]{0,80}$`)
	validFile    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+~-]{0,120}$`)
	validGoSum   = regexp.MustCompile(`^h1:[A-Za-z0-9+/]{43}=$`)
)

func (m *manifest) checkSources() error {
	if len(m.Sources) > maxSources {
		return fmt.Errorf("sources has %d entries, at most %d are read", len(m.Sources), maxSources)
	}
	for i, s := range m.Sources {
		if err := s.check(m.Languages); err != nil {
			return fmt.Errorf("[[sources]] %.60q: %w", s.Name, err)
		}
		if slices.ContainsFunc(m.Sources[:i], func(o Source) bool { return o.Name == s.Name && o.Language == s.Language }) {
			return fmt.Errorf("[[sources]] has %q twice", s.Name)
		}
	}
	return nil
}

func (s Source) check(languages []string) error {
	switch {
	case !validName.MatchString(s.Name):
		return fmt.Errorf("name must be 1 to 32 small letters, digits and dashes and begin with a letter")
	case !slices.Contains(languages, s.Language):
		return fmt.Errorf("language is %.60q, which is none of the workload's", s.Language)
	case !validPackage.MatchString(s.Package) || !validVersion.MatchString(s.Version):
		return fmt.Errorf("package %.60q and version %.60q must both be there", s.Package, s.Version)
	case s.Licence == "" || len(s.Licence) > maxDescription || !printable(s.Licence):
		return fmt.Errorf("licence must be an SPDX expression")
	}
	return s.checkPins()
}

func (s Source) checkPins() error {
	switch s.From {
	case Debian:
		if !validFile.MatchString(s.File) || !validSum.MatchString(s.SHA256) || s.Sum != "" {
			return fmt.Errorf("from debian it takes the file of the orig tarball and its sha256")
		}
	case GoModule:
		if !validGoSum.MatchString(s.Sum) || s.File != "" || s.SHA256 != "" {
			return fmt.Errorf("a Go module takes its sum as in go.sum (h1:…)")
		}
	case Crate:
		if !validSum.MatchString(s.SHA256) || s.File != "" || s.Sum != "" {
			return fmt.Errorf("a crate takes the sha256 of the list of its files")
		}
	default:
		return fmt.Errorf("from is %.60q, which is none of %s, %s, %s", s.From, Debian, GoModule, Crate)
	}
	return nil
}

// pin is what the bytes of a source are known by.
func (s Source) pin() string {
	if s.From == GoModule {
		return s.Sum
	}
	return s.SHA256
}

// fetchedFolder is where the files of a source lie once they are fetched. Its
// name has the pin in it, so that another version is another folder.
func (b *Builder) fetchedFolder(s Source) string {
	pin := regexp.MustCompile(`[^A-Za-z0-9]`).ReplaceAllString(s.pin(), "")
	return filepath.Join(b.sources, s.Name+"-"+s.Version+"-"+pin[:12])
}

// expand gives the files of a workload's fetched sources that a list of
// patterns names, absolute, less those that others exclude. A pattern begins
// with the name of a source; one that names nothing is an error.
func (b *Builder) expand(w Workload, language string, patterns, exclude []string) ([]string, error) {
	out, err := b.glob(w, language, exclude)
	if err != nil {
		return nil, err
	}
	files, err := b.glob(w, language, patterns)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(files, func(f string) bool { return slices.Contains(out, f) }), nil
}

func (b *Builder) glob(w Workload, language string, patterns []string) ([]string, error) {
	var files []string
	for _, pattern := range patterns {
		name, rest, _ := cutPath(pattern)
		i := slices.IndexFunc(w.Sources, func(s Source) bool { return s.Name == name && s.Language == base(language) })
		if i < 0 {
			return nil, fmt.Errorf("%q begins with no name of the sources in %s", pattern, base(language))
		}
		folder := b.fetchedFolder(w.Sources[i])
		if !exists(folder) {
			return nil, unavailable("the sources of %s %s are not here: run scripts/build-workloads.sh, which fetches them", name, w.Sources[i].Version)
		}
		found, err := filepath.Glob(filepath.Join(folder, filepath.FromSlash(rest)))
		if err != nil || len(found) == 0 {
			return nil, fmt.Errorf("%q names no file of %s %s", pattern, name, w.Sources[i].Version)
		}
		files = append(files, found...)
	}
	return files, nil
}

// cutPath parts the first name of a path from the rest, "." if there is none.
func cutPath(p string) (first, rest string, deep bool) {
	for i := range len(p) {
		if p[i] == '/' {
			return p[:i], path.Clean(p[i+1:]), true
		}
	}
	return p, ".", false
}
