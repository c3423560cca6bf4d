package plan

import (
	"errors"
	"slices"
	"testing"

	"edgebench/results"
	"edgebench/runners"
)

func TestAllowsSystem(t *testing.T) {
	of := func(runner, mode string, isDefault bool) System {
		return System{System: results.System{Runner: runner, Mode: mode}, Mode: runners.Mode{Name: mode, Default: isDefault}}
	}
	compiler, interpreter := of("wazero", "compiler", true), of("wazero", "interpreter", false)
	for _, c := range []struct {
		list []string
		want []bool // of the compiler and of the interpreter
	}{
		{nil, []bool{true, true}},
		{[]string{"wazero"}, []bool{true, true}},
		{[]string{"wazero/compiler"}, []bool{true, false}},
		{[]string{"wazero/default"}, []bool{true, false}},
		{[]string{"process", "wazero/interpreter"}, []bool{false, true}},
		{[]string{"process"}, []bool{false, false}},
	} {
		got := []bool{AllowsSystem(c.list, compiler), AllowsSystem(c.list, interpreter)}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q allows %v, want %v", c.list, got, c.want)
		}
	}
	systems := []results.System{compiler.System, interpreter.System}
	var unknown UnknownModeError
	if err := CheckModes([]string{"wazero/compilr"}, systems); !errors.As(err, &unknown) {
		t.Errorf("a mode that nobody has: %v", err)
	}
	if err := CheckModes([]string{"wazero", "wazero/default", "wazero/interpreter", "docker/runc-none"}, systems); err != nil {
		t.Error(err)
	}
}

// A mode on request is measured by those entries alone that name it.
func TestModesOnRequest(t *testing.T) {
	m := runners.Mode{Name: "own-runc-bridge", OnRequest: true}
	for _, c := range []struct {
		modes []string
		want  bool
	}{{nil, false}, {[]string{Default}, false}, {[]string{"own-runc-bridge"}, true}} {
		if got := (Entry{Modes: c.modes}).allowsMode(m); got != c.want {
			t.Errorf("an entry with the modes %q allows it: %v", c.modes, got)
		}
	}
}
