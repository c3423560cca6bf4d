package portability_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"edgebench/bench/experiment"
	. "edgebench/bench/experiment/experimenttest"
	"edgebench/bench/experiment/portability"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/protocol"
)

// effort gives a trial the parameters of a case.
func effort(t *testing.T, x *experiment.Trial, c experiment.Case) {
	t.Helper()
	b, err := json.Marshal(c.Effort)
	if err != nil {
		t.Fatal(err)
	}
	x.Effort = b
	x.Cell.Params = c.Params
}

// fakeRuntime answers modules as a runtime without a defect would, but for what a test
// plants. It supports the features of its list.
type fakeRuntime struct {
	features []runners.Feature
	// plant changes what becomes of a module; nil for nothing.
	plant func(m agent.Module, o *agent.ModuleOutcome)
	// kills is the name of a module of which the agent dies.
	kills   string
	started int
}

func (f *fakeRuntime) start() (experiment.Agent, error) {
	f.started++
	return &Agent{Answer: f.answer}, nil
}

var errDied = errors.New("the agent died")

func (f *fakeRuntime) answer(q protocol.Task) (any, error) {
	var e agent.Evaluate
	if err := json.Unmarshal(q.Parameters, &e); err != nil {
		return nil, err
	}
	found := agent.Evaluated{}
	for _, m := range e.Modules {
		if m.Name == f.kills {
			return nil, errDied
		}
		o := f.outcome(m)
		if f.plant != nil {
			f.plant(m, &o)
		}
		found.Modules = append(found.Modules, o)
	}
	return found, nil
}

func (f *fakeRuntime) outcome(m agent.Module) agent.ModuleOutcome {
	if !slices.Contains(f.features, runners.Feature(m.Name)) {
		return agent.ModuleOutcome{Refused: &agent.Failure{Stage: agent.StageLoad, Error: protocol.NewError(runners.ErrUnavailable)}}
	}
	var response []byte
	if m.Interface == runners.Frames && m.Kind != runners.Component {
		response = binary.LittleEndian.AppendUint64(nil, 42)
	}
	return agent.ModuleOutcome{Requests: []agent.CallOutcome{{Response: response}}}
}

func askFake(t *testing.T, f *fakeRuntime, q portability.Question, e portability.Effort) map[string]results.Check {
	t.Helper()
	x := Trial(t, portability.Name, portability.Params(q), e, nil, nil)
	x.Start = f.start
	r, err := portability.New().Run(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]results.Check{}
	for _, c := range r.Checks {
		found[c.Name] = c
	}
	return found
}

// A runtime is judged by its documentation: a feature too few or too many is unexpected.
func TestFeaturesAgainstDocumentation(t *testing.T) {
	f := &fakeRuntime{features: []runners.Feature{runners.SIMD, runners.TailCalls, runners.Memory64, runners.Components}}
	found := askFake(t, f, portability.AskFeatures, portability.Effort{Features: []runners.Feature{runners.SIMD, runners.GC, runners.Memory64, runners.Components}})
	if len(found) != len(runners.Features()) || f.started != 1 {
		t.Errorf("%d checks by %d agents", len(found), f.started)
	}
	for feature, want := range map[runners.Feature]struct {
		result     string
		unexpected bool
	}{
		runners.SIMD:       {portability.ResultSupported, false},
		runners.Memory64:   {portability.ResultSupported, false},
		runners.Components: {portability.ResultSupported, false},
		runners.TailCalls:  {portability.ResultSupported, true},
		runners.GC:         {portability.ResultAbsent, true},
		runners.Threads:    {portability.ResultAbsent, false},
	} {
		if c := found[string(feature)]; c.Result != want.result || c.Unexpected() != want.unexpected {
			t.Errorf("%s: %+v", feature, c)
		}
	}
}

// Planted defects: a build that answers differently, a module that ends the agent.
func TestPlantedDefectsOfFeatures(t *testing.T) {
	f := &fakeRuntime{features: runners.Features(), kills: string(runners.GC)}
	f.plant = func(m agent.Module, o *agent.ModuleOutcome) {
		if m.Name == string(runners.SIMD) {
			o.Requests[0].Response[0]++
		}
	}
	found := askFake(t, f, portability.AskFeatures, portability.Effort{Features: runners.Features()})
	for feature, want := range map[runners.Feature]string{
		runners.SIMD: portability.ResultWrong, runners.GC: portability.ResultCrashed, runners.Threads: portability.ResultSupported,
		runners.BulkMemory: portability.ResultSupported,
	} {
		if c := found[string(feature)]; c.Result != want {
			t.Errorf("%s: %+v", feature, c)
		}
	}
	if f.started != 3 { // all at once, one by one, and after the death
		t.Errorf("%d agents were started", f.started)
	}
}

// A mode that takes components alone is asked for nothing else.
func TestComponentsAlone(t *testing.T) {
	f := &fakeRuntime{features: runners.Features()}
	found := askFake(t, f, portability.AskFeatures, portability.Effort{Features: runners.Features(), Components: true})
	if len(found) != 1 || found[string(runners.Components)].Result != portability.ResultSupported {
		t.Errorf("%+v", found)
	}
}

// A runner that gives a wrong trap, or none, fails the tests that ask for it, and a
// module that must be refused may not be accepted.
func TestPlantedDefectsOfTheSpecification(t *testing.T) {
	f := &fakeRuntime{}
	trap := func(kind runners.Trap) agent.CallOutcome {
		return agent.CallOutcome{Failure: &agent.Failure{Stage: agent.StageCall, Trap: kind, Error: protocol.NewError(runners.ErrTrap)}}
	}
	f.plant = func(m agent.Module, o *agent.ModuleOutcome) {
		o.Refused, o.Requests = nil, make([]agent.CallOutcome, len(m.Requests))
		for i := range o.Requests {
			o.Requests[i] = trap(runners.TrapDivision)
		}
	}
	found := askFake(t, f, portability.AskSpecification, portability.Effort{Features: runners.Features()})
	if len(found) < 60 {
		t.Errorf("there are %d tests", len(found))
	}
	for name, want := range map[string]string{
		"integers:division-by-zero":                                 portability.ResultPassed,
		"integers:remainder-by-zero":                                portability.ResultPassed,
		"integers:division-overflows":                               portability.ResultFailed, // another trap
		"integers:division-truncates":                               portability.ResultFailed, // no value
		"memory:one-byte-too-far":                                   portability.ResultFailed,
		"section-twice:section-twice":                               portability.ResultFailed, // accepted
		"start-function-traps:start-function-traps":                 portability.ResultFailed,
		"custom-section-name-not-utf8:custom-section-name-not-utf8": portability.ResultFailed,
	} {
		c, ok := found[name]
		if !ok || c.Result != want || !strings.HasPrefix(c.Evidence, "Core ") {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// A module that needs what the runtime does not have is left out with the feature's name.
func TestLeftOutTests(t *testing.T) {
	f := &fakeRuntime{}
	found := askFake(t, f, portability.AskSpecification, portability.Effort{Features: []runners.Feature{runners.BulkMemory}})
	c := found["parameters:loop-with-parameters"]
	if c.Result != portability.ResultAbsent || c.Unexpected() || !strings.Contains(c.Evidence, string(runners.MultiValue)) {
		t.Errorf("%+v", c)
	}
}

func TestParameters(t *testing.T) {
	p := &portability.Parameters{Questions: []portability.Question{"why"}}
	if err := p.Check(time.Minute); err == nil || !strings.Contains(err.Error(), "why") {
		t.Errorf("an unknown question: %v", err)
	}
	p = &portability.Parameters{Modules: 1 << 20}
	if err := p.Check(time.Minute); err == nil {
		t.Error("too many modules are taken")
	}
	containers := experiment.Target{Takes: []runners.Kind{runners.Native, runners.Image}}
	for _, c := range new(portability.Parameters).Expand(containers) {
		if q := portability.Question(c.Params.Get(portability.QuestionParam)); q != portability.AskArtefact && q != portability.AskImages {
			t.Errorf("a container is asked for %s", q)
		}
	}
	if all := new(portability.Parameters).Expand(experiment.Target{Takes: []runners.Kind{runners.Wasm}}); len(all) < 4 {
		t.Errorf("a runtime is asked %d questions", len(all))
	}
}

// artefactTrial has an agent that answers tasks by their names.
func artefactTrial(t *testing.T, kept bool, answers map[string]func() (any, error)) *experiment.Trial {
	t.Helper()
	x := Trial(t, portability.Name, portability.Params(portability.AskArtefact), nil, nil, nil)
	path := filepath.Join(t.TempDir(), "module.wasm")
	if err := os.WriteFile(path, []byte("\x00asm\x01\x00\x00\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	x.Subject.Prepared = runners.Prepared{Artefact: runners.Artefact{Kind: runners.Wasm, Path: path}, Path: path}
	if kept {
		x.Subject.Prepared.Path += ".code"
	}
	x.Start = func() (experiment.Agent, error) {
		return &Agent{Answer: func(q protocol.Task) (any, error) { return answers[q.Name]() }}, nil
	}
	x.StartOn = func(string) (experiment.Agent, error) { return x.Start() }
	return x
}

func right() (any, error) { return agent.ColdStartTimes{}, nil }

func wrong() (any, error) { return nil, protocol.NewError(runners.ErrWrongResponse) }

// responses has the outcome of two requests, whose right responses are empty.
func responses(first string) agent.ModuleOutcome {
	return agent.ModuleOutcome{Requests: []agent.CallOutcome{{Response: []byte(first)}, {}}}
}

func loaded(o agent.ModuleOutcome, rebuilt bool) func() (any, error) {
	return func() (any, error) { return agent.LoadedKept{Outcome: o, Rebuilt: rebuilt}, nil }
}

func TestArtefact(t *testing.T) {
	refused := agent.ModuleOutcome{Refused: &agent.Failure{Stage: agent.StageLoad, Error: &protocol.Error{Message: "another version"}}}
	for name, c := range map[string]struct {
		kept          bool
		start, load   func() (any, error)
		count         float64
		bytes, result string // "" for no check
	}{
		"a module":                   {false, right, nil, 1, portability.ResultIdentical, ""},
		"a build that differs":       {false, wrong, nil, 1, portability.ResultDiffers, ""},
		"code that is refused":       {true, right, loaded(refused, false), 3, portability.ResultIdentical, portability.ResultRefused},
		"code that is made anew":     {true, right, loaded(responses(""), true), 3, portability.ResultIdentical, portability.ResultRebuilt},
		"code that runs":             {true, right, loaded(responses(""), false), 3, portability.ResultIdentical, portability.ResultRuns},
		"code that answers wrongly":  {true, right, loaded(responses("x"), false), 3, portability.ResultIdentical, portability.ResultWrong},
		"code that ends the process": {true, right, func() (any, error) { return nil, errDied }, 3, portability.ResultIdentical, portability.ResultCrashed},
	} {
		x := artefactTrial(t, c.kept, map[string]func() (any, error){agent.ColdStartTask: c.start, agent.LoadKeptTask: c.load})
		r, err := portability.New().Run(t.Context(), x)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := Values(r, portability.Artefacts); len(got) != 1 || got[0] != c.count {
			t.Errorf("%s: %v artefacts, want %v", name, got, c.count)
		}
		want := []string{c.bytes}
		if c.result != "" {
			want = append(want, c.result)
		}
		var got []string
		for _, check := range r.Checks {
			got = append(got, check.Result)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// Another platform that gives other bytes is found.
func TestPlatform(t *testing.T) {
	for first, want := range map[string]string{"": portability.ResultIdentical, "x": portability.ResultDiffers} {
		x := artefactTrial(t, false, map[string]func() (any, error){
			agent.EvaluateTask: func() (any, error) { return agent.Evaluated{Modules: []agent.ModuleOutcome{responses(first)}}, nil },
		})
		x.Cell.Params = portability.Params(portability.AskPlatform).With(portability.PlatformParam, "linux-arm64")
		r, err := portability.New().Run(t.Context(), x)
		if err != nil || len(r.Checks) != 1 || r.Checks[0].Result != want {
			t.Errorf("%q: %+v (%v)", first, r.Checks, err)
		}
	}
}

// The deadline of a trial is not taken for the agent's death.
func TestDeadline(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := &fakeRuntime{kills: string(runners.SIMD), features: runners.Features()}
	x := Trial(t, portability.Name, portability.Params(portability.AskFeatures), portability.Effort{}, nil, nil)
	x.Start = func() (experiment.Agent, error) { cancel(); return f.start() }
	if _, err := portability.New().Run(ctx, x); !errors.Is(err, errDied) || f.started != 1 {
		t.Errorf("%v after %d agents", err, f.started)
	}
}
