package main

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"edgebench/bench"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/workloads/build"
)

// What is unavailable has its reason below, each reason once.
func TestListNamesWhatIsLacking(t *testing.T) {
	const reason = "there is no C compiler: install one"
	l := listing{
		Systems: []results.SystemState{
			{System: results.System{Runner: "wazero", Mode: "compiler"}, Version: "v1", Released: "2026-05-28", Rungs: []results.Rung{results.Cold, results.Hot}},
			{System: results.System{Runner: "docker", Mode: bench.AllModes}, Unavailable: "no engine answers"},
		},
		Workloads: []listedWorkload{{
			Name: "route", Description: "picks a route", Languages: []string{"c", "rust+snapshot", "go+debian"}, Exchanges: 7,
			Artefacts: []bench.Availability{
				{Workload: "route", Language: "c", Kind: runners.Wasm, State: build.Committed},
				{Workload: "route", Language: "c", Kind: runners.Native, State: build.Unavailable, Unavailable: reason},
				{Workload: "route", Language: "rust+snapshot", Kind: runners.Wasm, State: build.Unavailable, Unavailable: reason},
				{Workload: "route", Language: "go+debian", Kind: runners.Image, State: build.Buildable},
			},
			Sources: []listedSource{{Name: "regex", Language: "rust", Version: "1.9.0", Licence: "MIT OR Apache-2.0"}},
		}},
		Cells: 12,
	}
	const want = `RUNNER  MODE      VERSION  RELEASED    RUNGS
wazero  compiler  v1       2026-05-28  cold hot

WORKLOAD  EXCHANGES  DESCRIPTION
route     7          picks a route

WORKLOAD  BUILD          MODULE           COMPONENT  SCRIPT  BINARY           IMAGE
route     c              committed        –          –       unavailable [1]  –
          rust+snapshot  unavailable [1]  –          –       –                –
          go+debian      –                –          –       –                buildable

CODE OF THIRD PARTIES  VERSION  LICENCE            BUILT INTO
regex                  1.9.0    MIT OR Apache-2.0  route in rust

12 cells can be measured on this machine.

Not on this machine:
  docker: no engine answers
  [1] there is no C compiler: install one
`
	var out bytes.Buffer
	if err := l.print(console{out: &out}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error(d)
	}
}
