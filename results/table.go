package results

import (
	"slices"
	"strings"
)

// Table fixes which cells the containers-versus-WASM table rests on, before
// anything is measured.
type Table struct {
	// Artefact is the small edge function, which figures show that have room for
	// one artefact.
	Artefact
	// Classes are the groups of cells that have verdicts of their own.
	Classes []Class `json:"classes" toml:"class"`
	// Reference is the system that ratios are taken to.
	Reference System `json:"reference" toml:"reference"`
}

// Class is a group of cells that a row of the table gives one verdict for: every
// system with every artefact, as far as the plan has them.
type Class struct {
	// Side is that of the systems, as the table of runners has it.
	Side string `json:"side" toml:"side"`
	// What the artefacts are, e.g. "distribution image", and how they are run,
	// e.g. "Docker" or "compiled ahead". One of them may be "".
	What string `json:"what,omitempty" toml:"what"`
	How  string `json:"how,omitempty" toml:"how"`
	// Lead marks the classes that people would choose between: the table shows
	// their figures first.
	Lead      bool       `json:"lead,omitempty" toml:"lead"`
	Artefacts []Artefact `json:"artefacts" toml:"artefacts"`
	Systems   []System   `json:"systems" toml:"systems"`
}

// Name is what the class is called.
func (c Class) Name() string {
	parts := slices.DeleteFunc([]string{c.What, c.How}, func(s string) bool { return s == "" })
	return strings.Join(parts, ", ")
}

// Has says whether a system with an artefact belongs to the class.
func (c Class) Has(s System, a Artefact) bool {
	return slices.Contains(c.Systems, s) && slices.Contains(c.Artefacts, a)
}

// Has says whether a system with an artefact belongs to one of the classes.
func (t Table) Has(s System, a Artefact) bool {
	return slices.ContainsFunc(t.Classes, func(c Class) bool { return c.Has(s, a) })
}

// Systems lists the systems of all classes of a side, each once, in the order of
// the classes. "" stands for both sides.
func (t Table) Systems(side string) []System {
	var all []System
	for _, c := range t.Classes {
		for _, s := range c.Systems {
			if (side == "" || c.Side == side) && !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// Map gives the table with each system replaced.
func (t Table) Map(replace func(System) System) Table {
	t.Classes = slices.Clone(t.Classes)
	for i, c := range t.Classes {
		t.Classes[i].Systems = slices.Clone(c.Systems)
		for j, s := range c.Systems {
			t.Classes[i].Systems[j] = replace(s)
		}
	}
	t.Reference = replace(t.Reference)
	return t
}
