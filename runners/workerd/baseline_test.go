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
	script := filepath.Join(t.TempDir(), "echo.js")
	if err := os.WriteFile(script, []byte("export default { async fetch(q) { return new Response(await q.text()); } };"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken.js")
	if err := os.WriteFile(broken, []byte(`export default { fetch() { throw "no luck"; } };`), 0o600); err != nil {
		t.Fatal(err)
	}
	for mode, rungs := range map[string][]results.Rung{
		modeProcess: {results.Deploy},
		modeIsolate: {results.Deploy, results.Boot, results.Cold},
	} {
		for _, rung := range rungs {
			l := runners.Loop{
				Options: runners.Options{Mode: mode, Scratch: t.TempDir()}, Rung: rung,
				Request: []byte("Ehello"), Iterations: 1, Within: time.Minute,
			}
			answer := func(a runners.Artefact) (string, error) {
				l.Prepared = runners.Prepared{Artefact: a, Mode: mode, Path: a.Path}
				out, err := runner{}.Baseline(t.Context(), l)
				return string(out.Response), err
			}
			probe := runners.Artefact{Kind: runners.Wasm, Path: "../../workloads/probe/c/probe.wasm"}
			if got, err := answer(probe); got != "hello" || err != nil {
				t.Errorf("%s, %s: a module answers %q, %v", mode, rung, got, err)
			}
			if got, err := answer(runners.Artefact{Kind: runners.Script, Path: script}); got != "Ehello" || err != nil {
				t.Errorf("%s, %s: a program answers %q, %v", mode, rung, got, err)
			}
			if got, err := answer(runners.Artefact{Kind: runners.Script, Path: broken}); err == nil {
				t.Errorf("%s, %s: a program that throws answers %q", mode, rung, got)
			}
			if _, err := answer(runners.Artefact{Kind: runners.Wasm, Path: "../../workloads/hostcall/c/hostcall.wasm"}); !errors.Is(err, runners.ErrUnavailable) {
				t.Errorf("%s, %s: a module with imports: %v", mode, rung, err)
			}
			if left, err := os.ReadDir(l.Options.Scratch); err != nil || len(left) > 0 {
				t.Errorf("%s, %s: the loop left %v (%v)", mode, rung, left, err)
			}
		}
	}
}
