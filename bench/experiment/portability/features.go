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
// is not one that a host can read. A wrong answer is a trap.
var silent = []runners.Feature{runners.Memory64, runners.Threads}

// featureModule gives the module that needs a feature.
func featureModule(f runners.Feature) (agent.Module, error) {
	code, err := featureModules.ReadFile("modules/features/" + string(f) + ".wasm")
	if err != nil {
		return agent.Module{}, fmt.Errorf("read the module of the feature %s: %w", f, err)
	}
	m := agent.Module{Name: string(f), Code: code, Requests: [][]byte{nil}}
	if slices.Contains(silent, f) {
		m.Interface = runners.Stdio
	}
	return m, nil
}

// askFeatures runs a module for each feature. documented are those that are expected.
func askFeatures(ctx context.Context, t *experiment.Trial, documented []runners.Feature) (r experiment.Result, err error) {
	features := runners.Features()
	modules := make([]agent.Module, len(features))
	for i, f := range features {
		if modules[i], err = featureModule(f); err != nil {
			return r, err
		}
	}
	found, err := evaluator{t.Start, t.Subject}.evaluate(ctx, modules)
	if err != nil {
		return r, err
	}
	count := 0
	for i, f := range features {
		c := results.Check{Group: string(AskFeatures), Name: string(f), Expected: ResultAbsent}
		c.Result, c.Evidence = judgeFeature(found[i], modules[i].Interface)
		if slices.Contains(documented, f) {
			c.Expected = ResultSupported
		}
		if c.Result == ResultUnasked {
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

// judgeFeature says in a word what became of a feature's module, with the evidence.
func judgeFeature(o outcome, i runners.Interface) (word, evidence string) {
	switch {
	case o.died != nil:
		return ResultCrashed, results.Evidence(o.died.Error())
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
	want := binary.LittleEndian.AppendUint64(nil, featureAnswer)
	if i == runners.Stdio {
		want = nil
	}
	if string(call.Response) != string(want) {
		return ResultWrong, fmt.Sprintf("the response is %x instead of %x", call.Response, want)
	}
	return ResultSupported, ""
}

// refusal tells a runtime that lacks something from a runner that cannot be asked.
func refusal(f *agent.Failure) (word, evidence string) {
	evidence = results.Evidence(f.Error.Message)
	if errors.Is(f.Error, runners.ErrInterface) {
		return ResultUnasked, evidence
	}
	return ResultAbsent, evidence
}
