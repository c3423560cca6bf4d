package runners

import (
	"errors"
	"fmt"
	"testing"
)

func TestTrapOf(t *testing.T) {
	for text, want := range map[string]Trap{
		"wasm error: unreachable":                                                TrapUnreachable,
		"RuntimeError: memory access out of bounds":                              TrapMemory,
		"wasm trap: undefined element: out of bounds table access":               TrapTable,
		"RuntimeError: null function or function signature mismatch":             TrapTable,
		"RuntimeError: divide by zero":                                           TrapDivision,
		"RuntimeError: divide result unrepresentable":                            TrapOverflow,
		"wasm error: invalid conversion to integer":                              TrapOverflow,
		"RangeError: Maximum call stack size exceeded":                           TrapStack,
		"_start: it exits with code 3: the guest trapped":                        TrapExit,
		"something that no runtime is known to say of a guest that has trapped":  TrapOther,
		"wasm trap: wasm `unreachable` instruction executed at memory access 12": TrapUnreachable,
	} {
		if got := TrapOf(fmt.Errorf("handle: %w: %s", ErrTrap, text)); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if got := TrapOf(errors.New("unreachable")); got != "" {
		t.Errorf("an error that is no trap: %q", got)
	}
}

func TestExitCode(t *testing.T) {
	for message, want := range map[string]int{
		"_start: it exits with code 3: the guest trapped":       3,
		"_start: it exits with code 12: bad: the guest trapped": 12,
		"it exits with code 7":                                  7,
	} {
		if got, ok := ExitCode(message); !ok || got != want {
			t.Errorf("%s: %d, %v", message, got, ok)
		}
	}
	for _, message := range []string{"", "exits with code ", "exits with code x"} {
		if got, ok := ExitCode(message); ok {
			t.Errorf("%q: %d", message, got)
		}
	}
}
