package workloads

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
	root  string
	cache cache
	tools toolchains
}

// Built is an artefact and what made it, with exact versions.
type Built struct {
	runners.Artefact
	Toolchain string `json:"toolchain"`
}

// NewBuilder returns a builder for the workloads below the suite's root, which
// keeps what it builds in the folder artefacts of cacheDir.
func NewBuilder(root, cacheDir string) *Builder {
	return &Builder{root: root, cache: cache{filepath.Join(cacheDir, "artefacts")}}
}

// Build returns the artefact of a workload in one of its languages, which is
// built only if it is neither committed nor in the cache. The file is whole and
// has the hash that is stated. An error wraps runners.ErrUnavailable where this
// machine lacks a tool, and says in one line how to get it.
func (b *Builder) Build(ctx context.Context, w Workload, language string, kind runners.Kind) (Built, error) {
	if !slices.Contains(w.Languages, language) {
		return Built{}, fmt.Errorf("the workload %s is not written in %q: there are %s", w.Name, language, strings.Join(w.Languages, ", "))
	}
	if kind != runners.Wasm && kind != runners.Native {
		return Built{}, fmt.Errorf("there is no kind of artefact %q: there are %s and %s", kind, runners.Wasm, runners.Native)
	}
	l, _ := findLanguage(language)
	if kind == runners.Wasm && l.committed {
		return w.committed(b.root, language)
	}
	r, err := l.recipe(ctx, b, w, kind)
	if err != nil {
		return Built{}, fmt.Errorf("build %s in %s as %s: %w", w.Name, language, kind, err)
	}
	a := runners.Artefact{Workload: w.Name, Language: language, Kind: kind}
	if err := b.cache.get(ctx, b.root, r, &a); err != nil {
		return Built{}, fmt.Errorf("build %s in %s as %s: %w", w.Name, language, kind, err)
	}
	return Built{Artefact: a, Toolchain: r.toolchain}, nil
}
