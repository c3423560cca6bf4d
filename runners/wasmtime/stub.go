//go:build !cgo

package wasmtime

import (
	"context"
	"fmt"

	"edgebench/runners"
)

// New returns a runner that says why it is unavailable.
func New() runners.Runner { return runner{} }

type runner struct{}

var errNoCgo = fmt.Errorf("wasmtime's library is linked through cgo, and this program was built without it: install a C compiler and set CGO_ENABLED=1: %w", runners.ErrUnavailable)

func (runner) Check(context.Context) (runners.Info, error) { return runners.Info{}, errNoCgo }

func (runner) Boot(context.Context, runners.Options) (runners.Runtime, error) { return nil, errNoCgo }

func (runner) Sweep(context.Context, string) error { return nil }
