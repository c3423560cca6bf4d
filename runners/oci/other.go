//go:build !linux

package oci

import (
	"context"
	"fmt"

	"edgebench/runners"
)

// New returns a runner of which no mode is available.
func New() runners.Runner { return runner{} }

type runner struct{}

var errNotHere = fmt.Errorf("containers are %w here: they run on Linux alone", runners.ErrUnavailable)

// Check says why no mode is available.
func (runner) Check(context.Context) (runners.Info, error) { return runners.Info{}, errNotHere }

// Boot says the same.
func (runner) Boot(context.Context, runners.Options) (runners.Runtime, error) {
	return nil, errNotHere
}

// Sweep has nothing to remove.
func (runner) Sweep(context.Context, string) error { return nil }
