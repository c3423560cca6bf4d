package portability

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
)

// GroupMinimised holds a check for each module of a seed that was made smaller. Its
// evidence has the module.
const GroupMinimised = "minimised"

// Words that these checks answer with.
const (
	// ResultMinimised: the evidence has a smaller module on which the systems differ.
	ResultMinimised = "minimised"
	// ResultKept: the module could not be made smaller; the evidence says why.
	ResultKept = "not-minimised"
)

// Bounds on how many modules a trial makes smaller and how long it tries with each.
const (
	maxMinimised = 3
	minimiseTime = time.Minute
)

// Side is a system that runs modules.
type Side struct {
	System  results.System
	Start   func() (experiment.Agent, error)
	Subject protocol.Subject
	// live is the agent, nil for none.
	live experiment.Agent
}

// candidateTime bounds one run of a candidate: what takes longer does not end.
const candidateTime = 2 * time.Second

// run runs a module in the live agent, which a module may end.
func (s *Side) run(ctx context.Context, m agent.Module) (o outcome, err error) {
	if s.live == nil {
		if s.live, err = s.Start(); err != nil {
			return o, err
		}
	}
	found, err := evaluator{subject: s.Subject}.ask(ctx, candidateTime, s.live, []agent.Module{m})
	if err == nil {
		return found[0], nil
	}
	s.live = nil
	if !isDeath(ctx, err) {
		return o, err
	}
	return outcome{died: err}, nil
}

// Minimise makes a module smaller on which two systems differ by a defect, for as long as
// they do, with binaryen's wasm-reduce. The module is one without the bits of NaN (see
// Modules), and so is the result. When within is over, the smallest so far is the result.
// An error wraps runners.ErrUnavailable where wasm-reduce is missing.
func Minimise(ctx context.Context, m agent.Module, a, b Side, within time.Duration) (code []byte, err error) {
	dir, err := os.MkdirTemp("", "edgebench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder to reduce in: %w", err)
	}
	defer os.RemoveAll(dir)
	p := &pair{dir: dir, module: m, sides: [2]*Side{&a, &b}}
	if p.kinds, err = p.first(ctx); err != nil {
		return nil, fmt.Errorf("minimise %s: %w", m.Name, err)
	}
	if code, err = reduce(ctx, dir, m.Code, p.differ, within); err != nil {
		return nil, fmt.Errorf("minimise %s: %w", m.Name, err)
	}
	return code, nil
}

// pair asks two systems for the same module.
type pair struct {
	dir    string
	module agent.Module
	sides  [2]*Side
	// kinds are what the systems made of the first module, without what it gave: a
	// candidate must fail in the same way.
	kinds [2]string
}

// kind is a fingerprint without the hash.
func kind(word string) string {
	if strings.HasPrefix(word, ranPrefix) {
		return ranPrefix
	}
	return word
}

// first runs the module as it was found.
func (p *pair) first(ctx context.Context) (kinds [2]string, err error) {
	given, err := p.run(ctx, p.module.Code)
	if err != nil {
		return kinds, err
	}
	for i, word := range given {
		kinds[i] = kind(word)
	}
	if !isDefect(given) {
		return kinds, fmt.Errorf("%s and %s do not differ on it", p.sides[0].System, p.sides[1].System)
	}
	return kinds, nil
}

// run gives what both systems make of a module.
func (p *pair) run(ctx context.Context, code []byte) (given [2]string, err error) {
	m := p.module
	m.Code = code
	for i, s := range p.sides {
		o, err := s.run(ctx, m)
		if err != nil {
			return given, err
		}
		given[i], _ = fingerprint(o)
		if p.kinds[i] != "" && kind(given[i]) != p.kinds[i] {
			return [2]string{}, nil // both the same: no difference of interest
		}
	}
	return given, nil
}

// isDefect says whether two fingerprints differ by what the specification does not leave
// open, apart from NaN.
func isDefect(given [2]string) bool {
	words := given[:]
	slices.Sort(words)
	return judge(slices.Compact(words)) == ClassDefect
}

// differ says whether the systems differ on a candidate, and still do so once the bits of
// NaN are taken out, which a step may have brought back.
func (p *pair) differ(ctx context.Context, code []byte) (bool, error) {
	given, err := p.run(ctx, code)
	if err != nil || !isDefect(given) {
		return false, err
	}
	plain := filepath.Join(p.dir, "plain.wasm")
	without := filepath.Join(p.dir, "without.wasm")
	if err := os.WriteFile(plain, code, 0o600); err != nil {
		return false, fmt.Errorf("write a candidate: %w", err)
	}
	if err := runGenerator(ctx, "--denan", plain, "-o", without); err != nil {
		return false, nil // the candidate is not valid
	}
	if code, err = os.ReadFile(without); err != nil {
		return false, fmt.Errorf("read a candidate: %w", err)
	}
	given, err = p.run(ctx, code)
	return isDefect(given), err
}

// minimised makes a check of each module on which the trial's system and another differ
// by a defect, at most maxMinimised of them.
func minimised(ctx context.Context, t *experiment.Trial, modules []agent.Module, mine []results.Check, against results.System) (all []results.Check, err error) {
	a := Side{System: t.Cell.System, Start: t.Start, Subject: t.Subject}
	b := Side{System: against, Start: func() (experiment.Agent, error) { return t.StartOther(against.Runner) }, Subject: t.Subject}
	b.Subject.Options.Mode = against.Mode
	theirs, err := Fingerprints(ctx, b, modules)
	if errors.Is(err, runners.ErrUnavailable) {
		return nil, nil // nothing to compare with
	}
	if err != nil {
		return nil, fmt.Errorf("run the modules in %s: %w", against, err)
	}
	differences, err := Compare(map[string][]results.Check{a.System.String(): mine, b.System.String(): theirs})
	if err != nil {
		return nil, err
	}
	within := minimiseTime
	if until, ok := ctx.Deadline(); ok {
		within = min(within, time.Until(until)/(maxMinimised+1))
	}
	for _, d := range differences {
		if d.Class == ClassDefect && len(all) < maxMinimised {
			all = append(all, minimisedCheck(ctx, d, modules, a, b, within))
		}
	}
	return all, nil
}

// minimisedCheck makes one module smaller and lists what is left of it.
func minimisedCheck(ctx context.Context, d Difference, modules []agent.Module, a, b Side, within time.Duration) results.Check {
	c := results.Check{Group: GroupMinimised, Name: d.Module, Result: ResultKept}
	for _, m := range modules {
		if m.Name != d.Module+withoutNaN {
			continue
		}
		code, err := Minimise(ctx, m, a, b, within)
		if err != nil {
			c.Evidence = results.Evidence(err.Error())
			return c
		}
		c.Result, c.Evidence = ResultMinimised, listed(code, m, b.System)
	}
	return c
}

// listed names a module by its hash and holds its bytes, if there is room for them.
func listed(code []byte, from agent.Module, against results.System) string {
	text := fmt.Sprintf("differs from %s with the requests %x, a byte each; %d bytes of %d, SHA-256 %x",
		against, bytes.Join(from.Requests, nil), len(code), len(from.Code), sha256.Sum256(code))
	encoded := "; in base64: " + base64.StdEncoding.EncodeToString(code)
	if len(text)+len(encoded) > results.MaxEvidence {
		return text
	}
	return text + encoded
}
