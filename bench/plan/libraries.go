package plan

import (
	"fmt"

	"edgebench/runners"
)

// maxLibraries bounds the libraries of a user.
const maxLibraries = 16

// RowsOf gives the rows of the table of runners for a user's libraries. Its errors are
// the user's mistakes.
func RowsOf(libraries []runners.OwnLibrary) ([]runners.Entry, error) {
	if len(libraries) > maxLibraries {
		return nil, fmt.Errorf("there are %d libraries, at most %d are linked", len(libraries), maxLibraries)
	}
	var rows []runners.Entry
	seen := map[string]bool{}
	for _, l := range libraries {
		e, err := l.With()
		switch {
		case err != nil:
			return nil, err
		case l.Path == "":
			return nil, fmt.Errorf("the library %s has no path: name the folder that holds it", l.Name)
		case seen[e.Name]:
			return nil, fmt.Errorf("there are two libraries with the name %s for %s: give each a name of its own", l.Name, l.Runner)
		}
		seen[e.Name] = true
		rows = append(rows, e)
	}
	return rows, nil
}
