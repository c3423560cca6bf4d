//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

import (
	"testing"

	"edgebench/runners/runnertest"
)

func TestRelease(t *testing.T) { runnertest.Pinned(t, library, release) }
