package portability

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/wasmfile"
)

//go:embed modules/specification/*.wasm modules/specification/*.toml modules/seeds/*.toml
var specificationFiles embed.FS

// specificationModule is a module with its tests, as tests.toml has it.
type specificationModule struct {
	File      string              `toml:"file"`
	Interface runners.Interface   `toml:"interface"`
	Tests     []specificationTest `toml:"tests"`
}

// specificationTest expects exactly one thing: see tests.toml.
type specificationTest struct {
	Name          string       `toml:"name"`
	Section       string       `toml:"section"`
	Value         string       `toml:"value"`
	Text          string       `toml:"text"`
	Trap          runners.Trap `toml:"trap"`
	Instantiation runners.Trap `toml:"instantiation"`
	Exit          int          `toml:"exit"`
	Nothing       bool         `toml:"nothing"`
	Refused       bool         `toml:"refused"`
}

// specification reads the tests, once.
var specification = sync.OnceValues(func() ([]specificationModule, error) {
	var index struct {
		Module []specificationModule `toml:"module"`
	}
	err := readTOML("modules/specification/tests.toml", &index)
	return index.Module, err
})

// stdin is what a command's test may read after its number.
const stdin = "abc"

// asked gives the module with a request for each test: the test's number, and for a
// command what it may read.
func (m specificationModule) asked() (agent.Module, error) {
	code, err := specificationFiles.ReadFile("modules/specification/" + m.File + ".wasm")
	if err != nil {
		return agent.Module{}, fmt.Errorf("read a test of the specification: %w", err)
	}
	asked := agent.Module{Name: m.File, Code: code, Interface: m.Interface}
	for i := range m.Tests {
		request := []byte{byte(i)}
		if m.Interface == runners.Stdio {
			request = append(request, stdin...)
		}
		asked.Requests = append(asked.Requests, request)
	}
	return asked, nil
}

// knownFailure is a test that is known to fail in a runner, with the reason: known.toml.
type knownFailure struct {
	Runner string `toml:"runner"`
	// Modes is a pattern of path.Match; "" stands for all.
	Modes string `toml:"modes"`
	Test  string `toml:"test"`
	// Result is ResultHung or ResultCrashed where the test ends the agent, else "".
	Result string `toml:"result"`
	Reason string `toml:"reason"`
}

// find gives what is known of a test in a system; nil for nothing.
func find(known []knownFailure, s results.System, test string) *knownFailure {
	i := slices.IndexFunc(known, func(k knownFailure) bool {
		fits, err := path.Match(cmp.Or(k.Modes, "*"), s.Mode)
		return k.Runner == s.Runner && k.Test == test && fits && err == nil
	})
	if i < 0 {
		return nil
	}
	return &known[i]
}

// knownFailures reads the list, once.
var knownFailures = sync.OnceValues(func() ([]knownFailure, error) {
	var list struct {
		Known []knownFailure `toml:"known"`
	}
	err := readTOML("modules/specification/known.toml", &list)
	return list.Known, err
})

// readTOML reads an embedded file, which has no unknown keys.
func readTOML(file string, v any) error {
	text, err := specificationFiles.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the tests of the specification: %w", err)
	}
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(v); err != nil {
		return fmt.Errorf("read the tests of the specification: %s: %w", file, err)
	}
	return nil
}

// asking is what a system is asked: modules with their tests, and apart from them each test
// that is known to end the agent.
type asking struct {
	together, apart []agent.Module
	// tests has for each module where its tests are.
	tests [][]place
}

// place is where a test's outcome is.
type place struct {
	apart           bool
	module, request int
}

// askingOf divides all tests.
func askingOf(all []specificationModule, known []knownFailure, s results.System) (q asking, err error) {
	for i, m := range all {
		module, err := m.asked()
		if err != nil {
			return q, err
		}
		requests, places := module.Requests, make([]place, len(m.Tests))
		module.Requests = nil
		for j, request := range requests {
			if k := find(known, s, m.name(j)); k == nil || k.Result == "" {
				places[j] = place{module: i, request: len(module.Requests)}
				module.Requests = append(module.Requests, request)
				continue
			}
			alone := module
			alone.Requests = [][]byte{request}
			places[j] = place{apart: true, module: len(q.apart)}
			q.apart = append(q.apart, alone)
		}
		q.together, q.tests = append(q.together, module), append(q.tests, places)
	}
	return q, nil
}

// askSpecification runs all tests. A module that needs other features than these is
// left out.
func askSpecification(ctx context.Context, t *experiment.Trial, features []runners.Feature) (r experiment.Result, err error) {
	all, err := specification()
	if err != nil {
		return r, err
	}
	known, err := knownFailures()
	if err != nil {
		return r, err
	}
	q, err := askingOf(all, known, t.Cell.System)
	if err != nil {
		return r, err
	}
	e := evaluator{start: t.Start, subject: t.Subject}
	found, err := e.evaluate(ctx, q.together)
	if err != nil {
		return r, err
	}
	apart, err := e.oneByOne(ctx, endlessTime, q.apart)
	if err != nil {
		return r, err
	}
	count := 0
	for i, m := range all {
		missing := wasmfile.Missing(q.together[i].Code, features)
		for j := range m.Tests {
			at, of := q.tests[i][j], found
			if at.apart {
				of = apart
			}
			c := m.check(j, of[at.module], at.request, missing, find(known, t.Cell.System, m.name(j)))
			if c.Result == ResultPassed {
				count++
			}
			r.Checks = append(r.Checks, c)
		}
	}
	r.Metrics = []results.Metric{passed.Of(float64(count))}
	return r, nil
}

// name is that of the check of the test with a number.
func (m specificationModule) name(number int) string { return m.File + ":" + m.Tests[number].Name }

// check judges the test with a number by the outcome of its module, in which it is the
// request with a number. missing are the features that the runtime does not have, k is what is
// known of the test.
func (m specificationModule) check(number int, o outcome, request int, missing []runners.Feature, k *knownFailure) results.Check {
	test := m.Tests[number]
	c := results.Check{Group: string(AskSpecification), Name: m.name(number), Expected: ResultPassed}
	c.Result, c.Evidence = test.judge(o, request)
	reason := ""
	if k != nil {
		c.Expected, reason = cmp.Or(k.Result, ResultFailed), " (known: "+k.Reason+")"
	}
	if len(missing) > 0 && o.Refused != nil {
		c.Result, c.Expected, c.Evidence = ResultAbsent, ResultAbsent, fmt.Sprintf(": left out for want of %v", missing)
	}
	if c.Result == ResultUnasked {
		c.Expected = ""
	}
	c.Evidence = results.Evidence(test.Section + c.Evidence + reason)
	return c
}

// judge says in a word what became of the test, the request with a number of its module,
// with what is evidence for a failure.
func (t specificationTest) judge(o outcome, number int) (word, evidence string) {
	switch {
	case o.died != nil:
		word, evidence := o.death()
		return word, ": " + evidence
	case o.Refused != nil:
		return t.judgeRefusal(o.Refused)
	}
	call := o.Requests[number]
	want, err := t.response()
	switch {
	case err != nil:
		return ResultFailed, ": " + err.Error()
	case t.Trap != "" || t.Exit != 0:
		return t.judgeTrap(call)
	case t.Refused, t.Instantiation != "":
		return ResultFailed, ": the module is accepted"
	case call.Failure != nil:
		return ResultFailed, ": " + call.Failure.Error.Message
	case !bytes.Equal(call.Response, want):
		return ResultFailed, fmt.Sprintf(": the response is %x instead of %x", call.Response, want)
	}
	return ResultPassed, ""
}

// judgeRefusal judges a module of which there is no instance.
func (t specificationTest) judgeRefusal(f *agent.Failure) (word, evidence string) {
	if word, evidence := refusal(f); word == ResultUnasked {
		return word, ": " + evidence
	}
	// Some runtimes compile a module when they make an instance.
	compiling := f.Stage == agent.StagePrepare || f.Stage == agent.StageLoad || errors.Is(f.Error, runners.ErrMalformed)
	if t.Refused && compiling || t.Instantiation != "" && !compiling && f.Trap == t.Instantiation {
		return ResultPassed, ""
	}
	return ResultFailed, ": " + f.Error.Message
}

// judgeTrap judges a call that is to end with a trap or an exit code.
func (t specificationTest) judgeTrap(call agent.CallOutcome) (word, evidence string) {
	want := t.Trap
	if t.Exit != 0 {
		want = runners.TrapExit
	}
	switch f := call.Failure; {
	case f == nil:
		return ResultFailed, fmt.Sprintf(": it does not trap and gives %x", call.Response)
	case f.Trap != want:
		return ResultFailed, fmt.Sprintf(": the trap is %q instead of %q: %s", f.Trap, want, f.Error.Message)
	case t.Exit == 0:
		return ResultPassed, ""
	}
	if code, ok := runners.ExitCode(call.Failure.Error.Message); !ok || code != t.Exit {
		return ResultFailed, ": " + call.Failure.Error.Message
	}
	return ResultPassed, ""
}

// response is what a call gives that does not trap.
func (t specificationTest) response() ([]byte, error) {
	if t.Value == "" {
		return nil, nil
	}
	v, err := strconv.ParseUint(t.Value, 0, 64)
	if err != nil {
		return nil, fmt.Errorf("read the expected value: %w", err)
	}
	return binary.LittleEndian.AppendUint64([]byte(t.Text), v), nil
}
