//go:build !linux && !darwin && !windows

package host

import (
	"context"

	"edgebench/results"
)

func describe(context.Context, *results.Host) {}
