//go:build !cgo || custom_wasmer_runtime || !((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

import (
	"context"
	"fmt"

	"edgebench/runners"
)

// New returns a runner that says why it is unavailable.
func New() runners.Runner { return runner{} }

type runner struct{}

var errNotLinked = fmt.Errorf("wasmer's library is linked through cgo where wasmer-go has one (linux/amd64 and macOS), and this program was built without it: install a C compiler and set CGO_ENABLED=1: %w", runners.ErrUnavailable)

func (runner) Check(context.Context) (runners.Info, error) { return runners.Info{}, errNotLinked }

func (runner) Boot(context.Context, runners.Options) (runners.Runtime, error) {
	return nil, errNotLinked
}

func (runner) Sweep(context.Context, string) error { return nil }
