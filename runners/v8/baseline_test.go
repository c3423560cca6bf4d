//go:build cgo && linux && amd64

package v8

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
	"edgebench/runners/runnertest"
)

// TestBaselineRungs expects a loop for each rung of each mode but the one whose guests can
// be stopped.
func TestBaselineRungs(t *testing.T) {
	for _, m := range modes {
		l := baselineLoop(t, m.name)
		for _, l.Rung = range results.Rungs() {
			out, err := runner{}.Baseline(t.Context(), l)
			switch {
			case m.interruptible:
				if !errors.Is(err, runners.ErrUnavailable) {
					t.Errorf("%s, %s: %v; want that it is unavailable", m.name, l.Rung, err)
				}
			case err != nil || len(out.Times) != l.Iterations || len(out.Response) == 0:
				t.Errorf("%s, %s: %q in %v, %v", m.name, l.Rung, out.Response, out.Times, err)
			}
		}
	}
}

// TestBaselineRefuses hands loops what they do not run.
func TestBaselineRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		mode  string
		spoil func(*testing.T, *runners.Prepared)
		want  error
	}{
		"imports": {"isolate", func(_ *testing.T, p *runners.Prepared) {
			p.Artefact.Path = "../../workloads/hostcall/c/hostcall.wasm"
		}, runners.ErrUnavailable},
		"stored code of another V8": {"isolate-cached", func(t *testing.T, p *runners.Prepared) {
			file, err := os.ReadFile(p.Path)
			if err != nil {
				t.Fatal(err)
			}
			_, code, err := split(file)
			if err != nil {
				t.Fatal(err)
			}
			code[4] ^= 1 // of the hash of V8's version
			p.Path = filepath.Join(t.TempDir(), "module")
			if err := os.WriteFile(p.Path, file, 0o600); err != nil {
				t.Fatal(err)
			}
		}, errBaseline},
		"stored code that is none": {"isolate-cached", func(_ *testing.T, p *runners.Prepared) { p.Path = p.Artefact.Path }, errBaseline},
	} {
		l := baselineLoop(t, c.mode)
		c.spoil(t, &l.Prepared)
		l.Rung = results.Cold
		if _, err := (runner{}).Baseline(t.Context(), l); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
	}
}

// baselineLoop is one of rewrite, without a rung.
func baselineLoop(t *testing.T, mode string) runners.Loop {
	rt := boot(t, mode)
	p := busted(t, rt, 0)
	if err := rt.Close(); err != nil {
		t.Fatal(err)
	}
	return runners.Loop{
		Options: runners.Options{Mode: mode, Scratch: t.TempDir()}, Prepared: p,
		Request: []byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Iterations: 2, Within: time.Minute,
	}
}

// TestBaselineBoot has an agent run the loop of the rung boot, in whose process nobody else
// starts V8.
func TestBaselineBoot(t *testing.T) {
	a := runnertest.StartAgent(t, "v8")
	for _, mode := range []string{"isolate", "isolate-cached", "instance"} {
		l := baselineLoop(t, mode)
		l.Rung = results.Cold
		want, err := runner{}.Baseline(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		for response, is := range map[string]error{string(want.Response): nil, "another": runners.ErrWrongResponse} {
			subject := protocol.Subject{Options: l.Options, Prepared: l.Prepared, Exchanges: []runners.Exchange{{Name: "x", Request: l.Request, Response: []byte(response)}}}
			q, err := protocol.NewTask(agent.BaselineTask, subject, agent.ColdStart{Rung: results.Boot, Iterations: 2, Within: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := a.Ask(t.Context(), q); !errors.Is(err, is) {
				t.Errorf("%s: %v; want %v", mode, err, is)
			}
		}
	}
}
