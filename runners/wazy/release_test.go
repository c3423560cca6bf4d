package wazy

import (
	"testing"

	"edgebench/runners/runnertest"
)

func TestRelease(t *testing.T) { runnertest.Pinned(t, library, release) }
