//go:build cgo && linux && amd64

package v8_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/client"
	"edgebench/runners/protocol"
	"edgebench/runners/runnertest"
)

// TestExhausted lets a guest fill V8's JavaScript heap, at which V8 ends its process. To
// the harness that is an agent that died, with the reason.
func TestExhausted(t *testing.T) {
	if testing.Short() {
		t.Skip("a guest that fills a heap takes a second and gigabytes; run without -short")
	}
	a := runnertest.StartAgent(t, "v8")
	o := runners.Options{Mode: "isolate", Scratch: t.TempDir(), Scope: "exhausted"}
	guest := runners.Artefact{Kind: runners.Wasm, Path: "testdata/exhaust.wasm"}
	prepared, err := a.Ask(t.Context(), protocol.Request{Prepare: &protocol.Prepare{Options: o, Artefact: guest, Dir: t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	subject := protocol.Subject{Options: o, Prepared: *prepared.Prepared, Exchanges: []runners.Exchange{{Name: "fill", Request: []byte("x")}}}
	q, err := protocol.NewTask(agent.ColdStartTask, subject, agent.ColdStart{Rung: results.Cold, Iterations: 1, Within: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = a.Ask(t.Context(), q); !errors.Is(err, client.ErrDied) || !strings.Contains(err.Error(), "out of memory: Reached heap limit") {
		t.Errorf("%v; want an agent that died of a heap out of memory", err)
	}
}
