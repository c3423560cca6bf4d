package build

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// manifestFile is the name of a workload's manifest in its folder.
const manifestFile = "manifest.toml"

// Bounds of a manifest, in bytes.
const (
	maxManifest    = 64 << 10
	maxDescription = 120
	maxRules       = 16 << 10
	maxOptions     = 64  // entries in a list
	maxOption      = 200 // bytes of one
)

// manifest is what a workload's author writes, and what
// scripts/build-workloads.sh writes of the modules.
type manifest struct {
	Name        string             `toml:"name"`
	Description string             `toml:"description"`
	Rules       string             `toml:"rules"`
	Hidden      bool               `toml:"hidden"`
	Languages   []string           `toml:"languages"`
	Sources     []Source           `toml:"sources"`
	Build       map[string]options `toml:"build"`
	Modules     map[string]module  `toml:"modules"`
	// Own stands in the place of languages where a user's artefacts are made
	// elsewhere.
	Own *ownManifest `toml:"own"`
}

// options say how the sources of a language are built, beyond what is the same
// for all workloads.
type options struct {
	// Sources, less those of Exclude, are files of third parties to compile,
	// and Include folders to look for their headers in: patterns below the
	// folder of the fetched sources.
	Sources []string `toml:"sources"`
	Exclude []string `toml:"exclude"`
	Include []string `toml:"include"`
	// Flags come after those that all workloads are compiled with.
	Flags []string `toml:"flags"`
	// Longjmp says that the sources of a module call setjmp and longjmp
	// (unwind.go).
	Longjmp bool `toml:"longjmp"`
	// StackBytes is the size of a module's stack; 0 for that of its language.
	StackBytes uint32 `toml:"stack_bytes"`
	// GrowableTable says that a module of C may grow its table of functions.
	GrowableTable bool `toml:"growable_table"`
}

// module pins a WebAssembly module.
type module struct {
	// File is where a committed module lies, with slashes, below the
	// workload's folder; "" for one that is built when it is wanted.
	File      string `toml:"file"`
	SHA256    string `toml:"sha256"`
	SizeBytes uint64 `toml:"size_bytes"`
	Toolchain string `toml:"toolchain"`
	Flags     string `toml:"flags"`
}

// parseManifest reads a manifest and checks all that can be checked without
// the files around it. An error is one line that begins with the file's name,
// and with the line's number where the text has one for it.
func parseManifest(file string, text []byte) (manifest, error) {
	var m manifest
	if len(text) > maxManifest {
		return m, fmt.Errorf("%s: %d bytes, at most %d are read", file, len(text), maxManifest)
	}
	d := toml.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, located(file, err)
	}
	if err := m.check(); err != nil {
		return m, fmt.Errorf("%s: %w", file, err)
	}
	return m, nil
}

// located puts the place in front of what the TOML library says.
func located(file string, err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		first := &unknown.Errors[0]
		row, _ := first.Position()
		return fmt.Errorf("%s:%d: unknown key %.60q", file, row, strings.Join(first.Key(), "."))
	}
	said := strings.TrimPrefix(oneLine(err.Error()), "toml: ")
	var bad *toml.DecodeError
	if errors.As(err, &bad) {
		row, _ := bad.Position()
		return fmt.Errorf("%s:%d: %.200s", file, row, said)
	}
	return fmt.Errorf("%s: %.200s", file, said)
}

// oneLine makes spaces of whatever would break a line or a terminal.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
}

var (
	validName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)
	validSum  = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

func (m *manifest) check() error {
	switch {
	case !validName.MatchString(m.Name):
		return fmt.Errorf("name is %.60q: it must be 1 to 32 small letters, digits and dashes and begin with a letter", m.Name)
	case m.Description == "" || len(m.Description) > maxDescription || !printable(m.Description):
		return fmt.Errorf("description must be one line of 1 to %d bytes of text", maxDescription)
	case len(m.Rules) > maxRules || !utf8.ValidString(m.Rules):
		return fmt.Errorf("rules must be at most %d bytes of text", maxRules)
	case m.Own != nil && len(m.Languages)+len(m.Sources)+len(m.Build)+len(m.Modules) > 0:
		return errors.New("[own] takes the place of languages and of all that is said of them")
	case m.Own != nil:
		return m.Own.check()
	case len(m.Languages) == 0:
		return errors.New("languages is missing or empty: it lists what the workload is written in")
	}
	for i, name := range m.Languages {
		if err := m.checkLanguage(name, m.Languages[:i]); err != nil {
			return err
		}
	}
	if err := m.checkSources(); err != nil {
		return err
	}
	for _, name := range sortedKeys(m.Build) {
		if !slices.ContainsFunc(m.Languages, func(l string) bool { return l == name || base(l) == name }) {
			return fmt.Errorf("[build.%.60s] belongs to no language of this workload", oneLine(name))
		}
		if err := m.Build[name].check(); err != nil {
			return fmt.Errorf("[build.%s]: %w", name, err)
		}
	}
	return m.checkModules()
}

func (o options) check() error {
	for _, list := range [][]string{o.Sources, o.Exclude, o.Include} {
		for _, pattern := range list {
			if !filepath.IsLocal(filepath.FromSlash(pattern)) || pattern != path.Clean(pattern) {
				return fmt.Errorf("%.60q must be a path or a pattern below the folder of the fetched sources", pattern)
			}
		}
	}
	for _, list := range [][]string{o.Sources, o.Exclude, o.Include, o.Flags} {
		if len(list) > maxOptions {
			return fmt.Errorf("a list has %d entries, at most %d are read", len(list), maxOptions)
		}
		for _, entry := range list {
			if entry == "" || len(entry) > maxOption || !printable(entry) {
				return fmt.Errorf("%.60q must be 1 to %d bytes of text", entry, maxOption)
			}
		}
	}
	if o.StackBytes%16 != 0 || o.StackBytes > 64<<20 {
		return fmt.Errorf("stack_bytes is %d: it must be a multiple of 16 of at most 64 MiB", o.StackBytes)
	}
	return nil
}

func printable(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

func (m *manifest) checkLanguage(name string, before []string) error {
	if _, ok := findLanguage(name); !ok || name == OwnLanguage {
		return fmt.Errorf("languages has %.60q, which is none of %s", name, strings.Join(languageNames(), ", "))
	}
	if slices.Contains(before, name) {
		return fmt.Errorf("languages has %q twice", name)
	}
	return nil
}

func (m *manifest) checkModules() error {
	for _, name := range sortedKeys(m.Modules) {
		l, _ := findLanguage(name)
		if !slices.ContainsFunc(l.kinds, runners.Kind.WebAssembly) || !slices.Contains(m.Languages, name) {
			return fmt.Errorf("[modules.%.60s] belongs to no language of this workload with modules", oneLine(name))
		}
		p := m.Modules[name]
		if err := p.check(); err != nil {
			return fmt.Errorf("[modules.%s]: %w", name, err)
		}
	}
	return nil
}

func (p module) check() error {
	switch {
	case p.File != "" && (p.File != path.Clean(p.File) || !filepath.IsLocal(filepath.FromSlash(p.File)) || !printable(p.File)):
		return fmt.Errorf("file is %.60q: it must be a path below the workload's folder", p.File)
	case !validSum.MatchString(p.SHA256):
		return fmt.Errorf("sha256 is %.80q: it must be 64 hexadecimal digits", p.SHA256)
	case p.SizeBytes == 0 || p.SizeBytes > abi.MaxModule:
		return fmt.Errorf("size_bytes is %d: it must be 1 to %d", p.SizeBytes, abi.MaxModule)
	case p.Toolchain == "" || !printable(p.Toolchain) || !printable(p.Flags):
		return errors.New("toolchain must be there, and it and flags be one line of text")
	}
	return nil
}
