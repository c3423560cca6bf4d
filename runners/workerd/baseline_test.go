package workerd

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"edgebench/results"
	"edgebench/runners"
)

// TestBaselineArtefacts hands the loops that make a worker of an artefact each kind of one.
func TestBaselineArtefacts(t *testing.T) {
	if _, err := find(); err != nil {
		t.Skip(err)
	}
	echo := program(t, "export default { async fetch(q) { return new Response(await q.text()); } };")
	broken := program(t, `export default { fetch() { throw "no luck"; } };`)
	module := func(path string) runners.Artefact { return runners.Artefact{Kind: runners.Wasm, Path: path} }
	for _, c := range []struct {
		mode string
		rung results.Rung
	}{{modeProcess, results.Deploy}, {modeIsolate, results.Deploy}, {modeIsolate, results.Boot}, {modeIsolate, results.Cold}} {
		t.Run(c.mode+"/"+string(c.rung), func(t *testing.T) {
			if got, err := once(t, c.mode, c.rung, module("../../workloads/probe/c/probe.wasm")); got != "hello" || err != nil {
				t.Errorf("a module answers %q, %v", got, err)
			}
			if got, err := once(t, c.mode, c.rung, echo); got != "Ehello" || err != nil {
				t.Errorf("a program answers %q, %v", got, err)
			}
			if got, err := once(t, c.mode, c.rung, broken); err == nil || errors.Is(err, runners.ErrUnavailable) {
				t.Errorf("a program that throws answers %q, %v", got, err)
			}
			if _, err := once(t, c.mode, c.rung, module("../../workloads/hostcall/c/hostcall.wasm")); !errors.Is(err, runners.ErrUnavailable) {
				t.Errorf("a module with imports: %v", err)
			}
		})
	}
}

// program writes a program in JavaScript.
func program(t *testing.T, text string) runners.Artefact {
	path := filepath.Join(t.TempDir(), "program.js")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return runners.Artefact{Kind: runners.Script, Path: path}
}

// once runs an iteration of a loop, which has to leave no file behind.
func once(t *testing.T, mode string, rung results.Rung, a runners.Artefact) (response string, err error) {
	scratch := t.TempDir()
	out, err := runner{}.Baseline(t.Context(), runners.Loop{
		Options:  runners.Options{Mode: mode, Scratch: scratch},
		Prepared: runners.Prepared{Artefact: a, Mode: mode, Path: a.Path},
		Rung:     rung, Request: []byte("Ehello"), Iterations: 1, Within: time.Minute,
	})
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
		t.Errorf("the loop left %v (%v)", left, err)
	}
	return string(out.Response), err
}
