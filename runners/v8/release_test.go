//go:build cgo && linux && amd64

package v8

import (
	"testing"

	"edgebench/runners/runnertest"
)

func TestRelease(t *testing.T) { runnertest.Pinned(t, library, release) }
