//go:build !cgo || !linux || !amd64

package v8

import (
	"context"
	"fmt"

	"edgebench/runners"
)

// New returns a runner that says why it is unavailable.
func New() runners.Runner { return runner{} }

type runner struct{}

var errNotLinked = fmt.Errorf("V8's library is linked through cgo on linux/amd64, and this program was built without it: install a C++ compiler (g++) and set CGO_ENABLED=1: %w", runners.ErrUnavailable)

func (runner) Check(context.Context) (runners.Info, error) { return runners.Info{}, errNotLinked }

func (runner) Boot(context.Context, runners.Options) (runners.Runtime, error) {
	return nil, errNotLinked
}

func (runner) Sweep(context.Context, string) error { return nil }
