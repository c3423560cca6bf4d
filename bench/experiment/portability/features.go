package portability

import (
	"context"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
)

//go:embed modules/features/*.wasm
var featureModules embed.FS

// featureAnswer is what each module with a response answers.
const featureAnswer = 42

// silent are the features whose modules are commands that answer nothing: their memory
// is not one that a host can read. A wrong answer is a trap. The component answers a
// ping, which has no content.
var silent = []runners.Feature{runners.Memory64, runners.Threads}

// featureModule gives the module that needs a feature.
func featureModule(f runners.Feature) (agent.Module, error) {
	code, err := featureModules.ReadFile("modules/features/" + string(f) + ".wasm")
	if err != nil {
		return agent.Module{}, fmt.Errorf("read the module of the feature %s: %w", f, err)
	}
	m := agent.Module{Name: string(f), Code: code, Requests: [][]byte{nil}}
	if f == runners.Components {
		m.Kind = runners.Component
	}
	if slices.Contains(silent, f) {
		m.Interface = runners.Stdio
	}
	return m, nil
}

// askFeatures runs a module for each feature, a component alone where the mode takes
// nothing else.
func askFeatures(ctx context.Context, t *experiment.Trial, e Effort) (r experiment.Result, err error) {
	features := runners.Features()
	if e.Components {
		features = []runners.Feature{runners.Components}
	}
	modules := make([]agent.Module, len(features))
	for i, f := range features {
		if modules[i], err = featureModule(f); err != nil {
			return r, err
		}
	}
	found, err := evaluator{start: t.Start, subject: t.Subject}.evaluate(ctx, modules)
	if err != nil {
		return r, err
	}
	count := 0
	for i, f := range features {
		c := results.Check{Group: string(AskFeatures), Name: string(f), Expected: ResultAbsent}
		c.Result, c.Evidence = judgeFeature(found[i], answerOf(f))
		if slices.Contains(e.Features, f) {
			c.Expected = ResultSupported
		}
		if c.Result == ResultUnasked || len(e.Features) == 0 { // the runner does not say
			c.Expected = ""
		}
		if c.Result == ResultSupported {
			count++
		}
		r.Checks = append(r.Checks, c)
	}
	r.Metrics = []results.Metric{supported.Of(float64(count))}
	return r, nil
}

// answerOf is the right response of a feature's module.
func answerOf(f runners.Feature) []byte {
	if f == runners.Components || slices.Contains(silent, f) {
		return nil
	}
	return binary.LittleEndian.AppendUint64(nil, featureAnswer)
}

// judgeFeature says in a word what became of a feature's module, with the evidence.
func judgeFeature(o outcome, want []byte) (word, evidence string) {
	switch {
	case o.died != nil:
		return o.death()
	case o.Refused != nil:
		return refusal(o.Refused)
	}
	call := o.Requests[0]
	if call.Failure != nil {
		if call.Failure.Trap == "" {
			return refusal(call.Failure)
		}
		return ResultWrong, results.Evidence(call.Failure.Error.Message)
	}
	if string(call.Response) != string(want) {
		return ResultWrong, fmt.Sprintf("the response is %x instead of %x", call.Response, want)
	}
	return ResultSupported, ""
}

// refusal tells a runtime that does not have something from a runner that cannot be asked.
func refusal(f *agent.Failure) (word, evidence string) {
	evidence = results.Evidence(f.Error.Message)
	if errors.Is(f.Error, runners.ErrInterface) {
		return ResultUnasked, evidence
	}
	return ResultAbsent, evidence
}
