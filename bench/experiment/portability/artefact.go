package portability

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"time"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/elf"
	"edgebench/runners/image"
)

// Architectures are those that artefacts are counted for.
func Architectures() []string { return []string{"amd64", "arm64", "riscv64"} }

// Groups and names of the checks of an artefact.
const (
	// GroupBytes holds whether the same bytes give the same responses.
	GroupBytes = "bytes"
	// GroupAhead holds what becomes of code that was compiled elsewhere.
	GroupAhead = "ahead"

	CheckResponses    = "responses"
	CheckOtherVersion = "other-version"
	CheckKept         = "kept-code"
)

// Words that these checks answer with.
const (
	ResultIdentical = "identical"
	ResultDiffers   = "differs"
	// ResultRefused: the runtime says that the code is not its own.
	ResultRefused = "refused"
	// ResultRebuilt: it does not take the code and compiles anew.
	ResultRebuilt = "rebuilt"
	// ResultRuns: it takes the code and answers rightly.
	ResultRuns = "runs"
)

// askArtefact counts artefacts, sends all requests of the workload, and loads stored
// code that looks like another version's.
func askArtefact(ctx context.Context, t *experiment.Trial) (r experiment.Result, err error) {
	p := t.Subject.Prepared
	bound, err := architecture(p)
	if err != nil {
		return r, err
	}
	count := 1
	if bound != "" {
		count = len(Architectures())
	}
	r.Metrics = []results.Metric{artefacts.Of(float64(count))}
	if p.Artefact.Kind.WebAssembly() {
		size, err := compressedSize(p.Artefact.Path)
		if err != nil {
			return r, err
		}
		r.Metrics = append(r.Metrics, registrySize.Of(float64(size)))
		if took := p.Artefact.Building; took > 0 { // it was built here
			r.Metrics = append(r.Metrics, buildTime.OfDurations(took))
		}
	}
	c, err := askResponses(ctx, t)
	if err != nil {
		return r, err
	}
	r.Checks = append(r.Checks, c)
	if isKept(p) {
		if c, err = askKept(ctx, t, t.Start, CheckOtherVersion, agent.LoadKept{OtherVersion: true}); err != nil {
			return r, err
		}
		r.Checks = append(r.Checks, c)
	}
	return r, nil
}

// registryLevel of gzip is what clients of registries compress with.
const registryLevel = 6

// compressedSize is that of a file as a registry holds it, in bytes.
func compressedSize(path string) (int, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("compress the artefact: %w", err)
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, registryLevel)
	if err != nil {
		return 0, err
	}
	if _, err := z.Write(content); err != nil {
		return 0, err
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	return out.Len(), nil
}

// isKept says whether the node keeps code that a runtime has compiled of a module.
func isKept(p runners.Prepared) bool {
	return p.Artefact.Kind.WebAssembly() && p.Path != p.Artefact.Path
}

// architecture says what the artefact, or what is kept of it, is made for; "" for a
// module that any machine can run.
func architecture(p runners.Prepared) (string, error) {
	switch {
	case isKept(p):
		return "of the machine that compiled it", nil
	case p.Artefact.Kind == runners.Native:
		return elf.Machine(p.Artefact.Path)
	case p.Artefact.Kind == runners.Image:
		a, err := image.Open(p.Artefact.Path)
		if err != nil {
			return "", err
		}
		defer a.Close()
		return a.Architecture(), nil
	}
	return "", nil
}

// askResponses has all requests of the workload answered.
func askResponses(ctx context.Context, t *experiment.Trial) (c results.Check, err error) {
	q := agent.ColdStart{Rung: results.Hot, Iterations: 1, Within: time.Second}
	if t.Subject.Prepared.Artefact.Interface.SingleShot() {
		q.Rung = results.Cold
	}
	c = results.Check{
		Group: GroupBytes, Name: CheckResponses, Result: ResultIdentical, Expected: ResultIdentical,
		Evidence: fmt.Sprintf("SHA-256 %s, %d responses as expected", t.Subject.Prepared.Artefact.SHA256, len(t.Subject.Exchanges)),
	}
	var times agent.ColdStartTimes
	err = t.Ask(ctx, agent.ColdStartTask, q, &times)
	if errors.Is(err, runners.ErrWrongResponse) {
		c.Result, c.Evidence = ResultDiffers, results.Evidence(err.Error())
		return c, nil
	}
	return c, err
}

// askKept loads stored code in an agent of another machine or as another version's.
func askKept(ctx context.Context, t *experiment.Trial, start func() (experiment.Agent, error), name string, k agent.LoadKept) (c results.Check, err error) {
	c = results.Check{Group: GroupAhead, Name: name}
	a, err := start()
	if err != nil {
		return c, err
	}
	found, err := agent.AskLoadKept(ctx, a, t.Subject, k)
	if err != nil {
		if !isDeath(ctx, err) {
			return c, err
		}
		c.Result, c.Evidence = ResultCrashed, results.Evidence(err.Error())
		return c, nil
	}
	c.Result, c.Evidence = judgeKept(found, t)
	return c, nil
}

func judgeKept(found agent.LoadedKept, t *experiment.Trial) (word, evidence string) {
	refused := found.Outcome.Refused
	switch {
	case found.Unversioned:
		return ResultUnasked, "the stored code names no version"
	case refused != nil:
		return ResultRefused, results.Evidence(refused.Error.Message)
	}
	if difference := compare(found.Outcome, t); difference != "" {
		return ResultWrong, results.Evidence(difference)
	}
	if found.Rebuilt {
		return ResultRebuilt, "the runtime compiled the module again and stored that"
	}
	return ResultRuns, "the stored code is taken, and the responses are right"
}

// compare says what is wrong with the first response that is; "" if all are right.
func compare(o agent.ModuleOutcome, t *experiment.Trial) string {
	for i, x := range t.Subject.Exchanges {
		switch call := o.Requests[i]; {
		case call.Failure != nil:
			return fmt.Sprintf("exchange %s: %s", x.Name, call.Failure.Error.Message)
		case string(call.Response) != string(x.Response):
			return fmt.Sprintf("exchange %s: %d bytes that differ from the %d expected", x.Name, len(call.Response), len(x.Response))
		}
	}
	return ""
}

// askPlatform runs the same bytes on another platform, and there what is kept here.
func askPlatform(ctx context.Context, t *experiment.Trial) (r experiment.Result, err error) {
	platform := t.Cell.Params.Get(PlatformParam)
	start := func() (experiment.Agent, error) { return t.StartOn(platform) }
	a := t.Subject.Prepared.Artefact
	code, err := os.ReadFile(a.Path)
	if err != nil {
		return r, fmt.Errorf("read the artefact: %w", err)
	}
	m := agent.Module{Name: a.Workload, Kind: a.Kind, Code: code, Interface: a.Interface, Files: a.Files}
	for _, x := range t.Subject.Exchanges {
		m.Requests = append(m.Requests, x.Request)
	}
	found, err := evaluator{start, t.Subject}.evaluate(ctx, []agent.Module{m})
	if err != nil {
		return r, err
	}
	c := results.Check{Group: GroupBytes, Name: CheckResponses, Expected: ResultIdentical}
	c.Result, c.Evidence = judgeResponses(found[0], t)
	c.Evidence = results.Evidence(fmt.Sprintf("SHA-256 %x: %s", sha256.Sum256(code), c.Evidence))
	r.Checks = []results.Check{c}
	same := 0
	if c.Result == ResultIdentical {
		same = len(t.Subject.Exchanges)
	}
	r.Metrics = []results.Metric{identical.Of(float64(same))}
	if isKept(t.Subject.Prepared) {
		kept, err := askKept(ctx, t, start, CheckKept, agent.LoadKept{})
		if err != nil {
			return r, err
		}
		r.Checks = append(r.Checks, kept)
	}
	return r, nil
}

func judgeResponses(o outcome, t *experiment.Trial) (word, evidence string) {
	switch {
	case o.died != nil:
		return ResultCrashed, o.died.Error()
	case o.Refused != nil:
		return ResultAbsent, o.Refused.Error.Message
	}
	if difference := compare(o.ModuleOutcome, t); difference != "" {
		return ResultDiffers, difference
	}
	return ResultIdentical, fmt.Sprintf("%d responses as expected", len(t.Subject.Exchanges))
}
