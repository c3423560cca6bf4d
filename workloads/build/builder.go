package build

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"edgebench/runners"
)

// Builder makes artefacts. Its methods may be called from several goroutines,
// and several processes may have builders over one cache folder.
type Builder struct {
	root    string
	cache   cache
	sources string // folder of the fetched sources
	bases   string // folder of the bases of images
	tools   toolchains
}

// Built is an artefact and what made it: tools with exact versions, and the
// flags that bear on its code.
type Built struct {
	runners.Artefact
	Toolchain string `json:"toolchain"`
	Flags     string `json:"flags,omitempty"`
}

// NewBuilder returns a builder for the workloads below the suite's root, which
// keeps what it builds in the folder artefacts of cacheDir and what it fetches
// in the folders sources and bases.
func NewBuilder(root, cacheDir string) *Builder {
	return &Builder{root: root, cache: cache{filepath.Join(cacheDir, "artefacts")}, sources: filepath.Join(cacheDir, "sources"), bases: filepath.Join(cacheDir, "bases")}
}

// Build returns the artefact of a workload in one of its languages, which is
// built only if it is neither committed nor in the cache. The file is whole and
// has the hash that is stated. An error wraps runners.ErrUnavailable where a
// tool is missing on this machine, and says in one line how to get it.
func (b *Builder) Build(ctx context.Context, w Workload, language string, kind runners.Kind) (Built, error) {
	if err := w.comes(language, kind); err != nil {
		return Built{}, err
	}
	if len(w.own) > 0 {
		return b.ownArtefact(ctx, w, language, kind)
	}
	if kind.WebAssembly() && w.Commits(language) {
		return w.committed(b.root, language, kind)
	}
	return b.buildFromSource(ctx, w, language, kind)
}

// buildFromSource is Build that leaves what is committed aside.
func (b *Builder) buildFromSource(ctx context.Context, w Workload, language string, kind runners.Kind) (Built, error) {
	if err := w.comes(language, kind); err != nil {
		return Built{}, err
	}
	fail := func(err error) (Built, error) {
		return Built{}, fmt.Errorf("build %s in %s as %s: %w", w.Name, language, kind, err)
	}
	l, _ := findLanguage(language)
	r, err := l.recipe(ctx, b, order{w, language, kind})
	if err != nil {
		return fail(err)
	}
	a := runners.Artefact{Workload: w.Name, Language: language, Kind: kind}
	if kind != runners.Image { // which holds them itself
		a.Files = w.Files
	}
	if err := b.cache.get(ctx, b.root, r, &a); err != nil {
		return fail(err)
	}
	return Built{Artefact: a, Toolchain: r.toolchain, Flags: r.flags}, nil
}

// comes refuses what a workload is not built as.
func (w Workload) comes(language string, kind runners.Kind) error {
	if !slices.Contains(w.Languages, language) {
		return fmt.Errorf("the workload %s is not written in %q: there are %s", w.Name, language, strings.Join(w.Languages, ", "))
	}
	if !w.Comes(language, kind) {
		return fmt.Errorf("%s in %s comes as no artefact of kind %q", w.Name, language, kind)
	}
	return nil
}
