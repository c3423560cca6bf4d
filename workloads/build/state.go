package build

import (
	"context"
	"path/filepath"

	"edgebench/runners"
)

// State says how an artefact can be had on this machine.
type State string

// The states.
const (
	// Committed: it is in the repository.
	Committed State = "committed"
	// Cached: it has been built and lies in the cache.
	Cached State = "built"
	// Buildable: all that it takes to build it is here.
	Buildable State = "buildable"
	// Supplied: it is the user's own.
	Supplied State = "own"
	// Unavailable: it can't be had.
	Unavailable State = "unavailable"
)

// State tells how Build would come by an artefact, and builds nothing. With
// Unavailable comes the error that Build would give, which says the remedy. An
// artefact in the cache is taken for what its name says: Build looks closer.
func (b *Builder) State(ctx context.Context, w Workload, language string, kind runners.Kind) (State, error) {
	if err := w.comes(language, kind); err != nil {
		return Unavailable, err
	}
	switch {
	case len(w.own) > 0:
		return Supplied, nil
	case kind.WebAssembly() && w.Commits(language):
		if _, err := w.committed(b.root, language, kind); err != nil {
			return Unavailable, err
		}
		return Committed, nil
	}
	l, _ := findLanguage(language)
	r, err := l.recipe(ctx, b, order{w, language, kind})
	if err != nil {
		return Unavailable, err
	}
	key, err := r.key(b.root)
	if err != nil {
		return Unavailable, err
	}
	if exists(filepath.Join(b.cache.dir, key, r.file)) {
		return Cached, nil
	}
	return Buildable, nil
}
