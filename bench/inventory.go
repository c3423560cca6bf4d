package bench

import (
	"fmt"
	"runtime"

	"edgebench/bench/plan"
	"edgebench/results"
	"edgebench/runners/interfaces"
)

// inventory is what the plan may choose from: available systems with the artefacts
// that there are.
func (x *session) inventory(have func(buildKey) bool) plan.Inventory {
	inv := plan.Inventory{Systems: x.survey.Available, Cores: runtime.GOMAXPROCS(0)}
	for _, w := range x.suite.Set.All() {
		inv.Workloads = append(inv.Workloads, plan.Workload{Name: w.Name, Builds: w.Languages, Hidden: w.Hidden})
	}
	inv.Build = func(a results.Artefact, s plan.System) (u plan.Use, ok bool) {
		w, err := x.suite.Set.Find(a.Workload)
		if err != nil {
			return u, false
		}
		kind, ok := w.KindFor(a.Build, s.Takes)
		if !ok || !have(buildKey{a, kind}) {
			return u, false
		}
		// Only instances with a network of their own can share a port.
		iface := w.Interface(a.Build, kind)
		if interfaces.IsHTTP(iface) && (s.Mode.NoNetwork || kind.IsModule()) {
			x.unreached(s.System, a)
			return u, false
		}
		return plan.Use{Kind: kind, SingleShot: iface.SingleShot(), Exclusive: interfaces.IsHTTP(iface) && !s.Mode.OwnNetwork}, true
	}
	return inv
}

// unreached notes once that a system can't be asked for an artefact that is a server.
func (x *session) unreached(s results.System, a results.Artefact) {
	note := fmt.Sprintf("left out %s with %s: its instances have no network, and the program is a server", s, a)
	if !x.noted[note] {
		if x.noted == nil {
			x.noted = map[string]bool{}
		}
		x.noted[note] = true
		x.observer.Note(note)
	}
}
