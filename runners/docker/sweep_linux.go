package docker

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"

	"edgebench/runners"
)

// Sweep removes the containers, in whatever state, and then the images that
// bear the scope's label.
func (r *runner) Sweep(ctx context.Context, scope string) error {
	if !scopes.MatchString(scope) {
		return fmt.Errorf("%q is not a scope", scope)
	}
	if err := sweepOwn(scope); err != nil {
		return err
	}
	e, err := connect(ctx, r.patience)
	if err != nil {
		return err
	}
	defer e.close()
	return e.sweep(ctx, scope)
}

// passes is how often a sweep looks again: a container may appear that the dead
// process had asked for.
const passes = 3

func (e *engine) sweep(ctx context.Context, scope string) error {
	r := &remover{engine: e}
	for range passes {
		found, err := e.labelled(ctx, scope)
		if err != nil {
			return err
		}
		if len(found.containers)+len(found.images) == 0 {
			return nil
		}
		// A container that stays keeps its own image, and no other one.
		err = errors.Join(
			each(found.containers, func(c container.Summary) error { return r.remove(ctx, c) }),
			each(found.images, func(i image.Summary) error { return e.removeImage(ctx, i.ID) }))
		if err != nil {
			return err
		}
	}
	return fmt.Errorf("containers of scope %s still appear: does what made them live?", scope)
}

// ours is what bears a label.
type ours struct {
	containers []container.Summary
	images     []image.Summary
}

func (e *engine) labelled(ctx context.Context, scope string) (found ours, err error) {
	ctx, cancel := e.within(ctx)
	defer cancel()
	with := filters.NewArgs(filters.Arg("label", label+"="+scope))
	found.containers, err = e.api.ContainerList(ctx, container.ListOptions{All: true, Filters: with})
	if err != nil {
		return found, fmt.Errorf("list the containers of scope %s: %w", scope, brief(err))
	}
	found.images, err = e.api.ImageList(ctx, image.ListOptions{Filters: with})
	if err != nil {
		return found, fmt.Errorf("list the images of scope %s: %w", scope, brief(err))
	}
	return found, nil
}

// each does a thing to all, some at a time, and gives one of the errors.
func each[T any](all []T, do func(T) error) error {
	const atOnce = 8
	todo := make(chan T)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for range min(atOnce, len(all)) {
		wg.Go(func() {
			for one := range todo {
				if err := do(one); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
				}
			}
		})
	}
	for _, one := range all {
		todo <- one
	}
	close(todo)
	wg.Wait()
	return failed
}

var (
	_ runners.Remover     = (*system)(nil)
	_ runners.MemoryOwner = (*system)(nil)
	_ runners.Parker      = (*loaded)(nil)
	_ runners.Entrant     = (*instance)(nil)
)
