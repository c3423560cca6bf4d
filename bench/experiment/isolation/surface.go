package isolation

import (
	"context"
	"fmt"

	"edgebench/bench/experiment"
)

// surface says what an artefact asks for and what its sandbox holds.
func surface(ctx context.Context, t *experiment.Trial, e effort, w *world) (r experiment.Result, err error) {
	return r, fmt.Errorf("not yet")
}
