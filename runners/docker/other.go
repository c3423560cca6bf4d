//go:build !linux

package docker

import (
	"context"
	"fmt"

	"edgebench/runners"
)

// New returns the runner, which is unavailable on this system.
func New() runners.Runner { return nowhere{} }

// nowhere is the runner where containers live in a virtual machine, to which a
// bind-mounted socket does not reach.
type nowhere struct{}

var errNowhere = fmt.Errorf("docker is measured on Linux alone: %w", runners.ErrUnavailable)

func (nowhere) Check(context.Context) (runners.Info, error) { return runners.Info{}, errNowhere }

func (nowhere) Boot(context.Context, runners.Options) (runners.Runtime, error) {
	return nil, errNowhere
}

func (nowhere) Sweep(context.Context, string) error { return nil }
