package plan

import (
	"fmt"
	"slices"
	"strings"

	"edgebench/results"
	"edgebench/runners"
)

// A list of runners may name systems: a runner, or one mode of it as RUNNER/MODE, where
// the mode "default" is that of a user who changes nothing. A runner stands for those too
// that link another library in its place, which RUNNER@NAME names alone. An empty list
// allows all.

// RunnerOf is the runner of an element of such a list.
func RunnerOf(name string) string {
	runner, _, _ := strings.Cut(name, "/")
	return runner
}

// RunnersOf are the runners of such a list, each once.
func RunnersOf(list []string) (names []string) {
	for _, name := range list {
		if runner := RunnerOf(name); !slices.Contains(names, runner) {
			names = append(names, runner)
		}
	}
	return names
}

// AllowsRunner reports whether the list allows any mode of a runner.
func AllowsRunner(list []string, runner string) bool {
	names := RunnersOf(list)
	return allows(names, runner) || slices.Contains(names, runners.FamilyOf(runner))
}

// AllowsSystem reports whether the list allows a system.
func AllowsSystem(list []string, s System) bool {
	return allows(list, s.Runner) || slices.Contains(list, runners.FamilyOf(s.Runner)) || namesMode(list, s)
}

// namesMode reports whether the list names the system's mode.
func namesMode(list []string, s System) bool {
	for _, runner := range []string{s.Runner, runners.FamilyOf(s.Runner)} {
		mode := results.System{Runner: runner, Mode: s.System.Mode}
		if slices.Contains(list, mode.String()) || s.Mode.Default && slices.Contains(list, runner+"/"+Default) {
			return true
		}
	}
	return false
}

// UnknownModeError is the error of a list that names a mode which its runner does not
// have.
type UnknownModeError struct{ error }

// CheckModes rejects a list that names a mode which none of the systems has.
func CheckModes(list []string, systems []results.System) error {
	for _, name := range list {
		runner := RunnerOf(name)
		var known []string
		for _, s := range systems {
			if s.Runner == runner {
				known = append(known, s.String())
			}
		}
		if runner == name || name == runner+"/"+Default || slices.Contains(known, name) || len(known) == 0 {
			continue
		}
		return UnknownModeError{fmt.Errorf("--runner: %w", results.Unknown("system", name, known))}
	}
	return nil
}
