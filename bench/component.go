package bench

import (
	"fmt"
	"slices"
	"strings"

	"edgebench/runners"
	"edgebench/workloads/build"
)

// noteComponents says which available WebAssembly runtimes are left out because a
// program of the user's is a component.
func (x *session) noteComponents() {
	for _, w := range x.suite.Set.List() {
		if !w.Comes(build.OwnLanguage, runners.Component) {
			continue
		}
		if names := x.survey.withoutComponents(); len(names) > 0 {
			x.observer.Note(fmt.Sprintf("left out %s: %s is a component, where only core modules are taken", strings.Join(names, ", "), w.Name))
		}
	}
}

// withoutComponents names the available WebAssembly runtimes of which no mode takes
// components.
func (s Survey) withoutComponents() []string {
	var names []string
	for _, e := range runners.Table() {
		takes := false
		available := false
		for _, system := range s.Available {
			if system.Runner == e.Name {
				available = true
				takes = takes || slices.Contains(system.Takes, runners.Component)
			}
		}
		if e.TakesWasm() && available && !takes {
			names = append(names, e.Name)
		}
	}
	return names
}
