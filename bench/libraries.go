package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"edgebench/bench/host"
	"edgebench/bench/plan"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/client"
)

// ErrLibrary: a user's library can't be linked or does not run.
var ErrLibrary = errors.New("a library of yours can't be measured")

// Use lets runners with libraries of the user's take part, beside those with their own.
// It is called before anything is surveyed. Its errors are the user's mistakes.
func (h *Installation) Use(libraries []runners.OwnLibrary) error {
	rows, err := plan.RowsOf(libraries)
	if err != nil {
		return err
	}
	for i := range rows {
		if rows[i].Own.Path, err = filepath.Abs(rows[i].Own.Path); err != nil {
			return fmt.Errorf("find the folder of the library %s: %w", rows[i].Own.Name, err)
		}
		found, err := client.Examine(rows[i])
		if err != nil {
			return err
		}
		rows[i].Own.Headers = found.Version
	}
	h.own = rows
	return nil
}

// Runners are the rows of the table, each with those that link a library of the user's
// in its place behind it.
func (h *Installation) Runners() []runners.Entry {
	var all []runners.Entry
	for _, e := range runners.Table() {
		all = append(all, e)
		for _, own := range h.own {
			if runners.FamilyOf(own.Name) == e.Name {
				all = append(all, own)
			}
		}
	}
	return all
}

// RunnerNames are the names of all runners.
func (h *Installation) RunnerNames() (names []string) {
	for _, e := range h.Runners() {
		names = append(names, e.Name)
	}
	return names
}

// runner finds a runner by its name.
func (h *Installation) runner(name string) (runners.Entry, error) {
	list := h.Runners()
	if i := slices.IndexFunc(list, func(e runners.Entry) bool { return e.Name == name }); i >= 0 {
		return list[i], nil
	}
	return runners.Entry{}, fmt.Errorf("the runner %s is unknown: %w", name, runners.ErrUnavailable)
}

// hasLibraries checks that a plan's runners with libraries of the user's are there: a run
// does not record where a library lies.
func (h *Installation) hasLibraries(p results.Plan) error {
	for _, name := range runnersOf(p) {
		if _, err := h.runner(name); err != nil && runners.FamilyOf(name) != name {
			return fmt.Errorf("%w, or name the library of %s again with --library", ErrDiffers, name)
		}
	}
	return nil
}

// Libraries says of each of the user's libraries what it is and whether it can be
// linked.
func (h *Installation) Libraries(ctx context.Context) []host.Finding {
	var list []host.Finding
	for _, e := range h.own {
		f := host.Finding{Name: "library_" + e.Name, State: host.OK}
		info, err := h.check(ctx, e)
		if err != nil {
			f.State, f.Value = host.Bad, oneLine(err)
			f.Meaning = "The runner with this library can't be measured."
		} else {
			f.Value = results.SystemState{Version: info.Version, Library: info.Library}.VersionText()
		}
		list = append(list, f)
	}
	return list
}
