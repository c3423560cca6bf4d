package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts call this program as benchrun.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"benchrun": func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// inherit takes over what is the user's: agents and artefacts are built with
// the user's own caches.
func inherit(e *testscript.Env) {
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "GOCACHE", "GOFLAGS", "GOPROXY", "CGO_ENABLED", "DOCKER_HOST"} {
		if v, ok := os.LookupEnv(name); ok {
			e.Setenv(name, v)
		}
	}
}

// TestScripts runs testdata/script/*.txtar: the command line as a user sees it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			inherit(e)
			reference, err := filepath.Abs(references(t)[0])
			e.Setenv("REFERENCE", reference)
			guests, errGuests := filepath.Abs("../../runners/runnertest/testdata")
			e.Setenv("GUESTS", guests)
			return errors.Join(err, errGuests)
		},
	})
}
