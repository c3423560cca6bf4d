//go:build !cgo || !linux || !wasmedge

package wasmedge

import (
	"context"
	"fmt"

	"edgebench/runners"
)

// New returns a runner that says why it is unavailable.
func New() runners.Runner { return runner{} }

type runner struct{}

var errNotLinked = fmt.Errorf("libwasmedge is linked on Linux with cgo and the build tag wasmedge, and this program was built without them: %w", runners.ErrUnavailable)

func (runner) Check(context.Context) (runners.Info, error) { return runners.Info{}, errNotLinked }

func (runner) Boot(context.Context, runners.Options) (runners.Runtime, error) {
	return nil, errNotLinked
}

func (runner) Sweep(context.Context, string) error { return nil }
