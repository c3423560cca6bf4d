package bench

import (
	"slices"
	"testing"

	"edgebench/bench/plan"
	"edgebench/results"
	"edgebench/runners"
)

func TestWithoutComponents(t *testing.T) {
	system := func(runner, mode string, takes ...runners.Kind) plan.System {
		return plan.System{System: results.System{Runner: runner, Mode: mode}, Takes: takes}
	}
	s := Survey{Available: []plan.System{
		system("wazero", "compiler", runners.Wasm),
		system("wasmtime", "aot", runners.Wasm), system("wasmtime", "component-aot", runners.Component),
		system("process", "plain", runners.Native),
	}}
	if got, want := s.withoutComponents(), []string{"wazero"}; !slices.Equal(got, want) {
		t.Errorf("components are not taken by %v; want %v", got, want)
	}
}
