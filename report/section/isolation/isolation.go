// Package isolation shows the experiment on isolation: a matrix of attempts and systems,
// under the default policy and hardened; what hardening costs; and the surface of the
// sandboxes. Its rows of the table count the goals that a guest reached.
package isolation

import (
	"fmt"
	"slices"
	"strings"

	"edgebench/bench/experiment/isolation"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/stat"
	"edgebench/bench/stat/compare"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// rowOrder is that of the row for the default policy; the hardened one follows.
const rowOrder = 30

// Section of the report.
func Section() section.Section {
	return section.Section{
		Experiment: isolation.Name, Benchmark: "Isolation", Params: []string{isolation.PolicyParam},
		Compared: []string{isolation.GoalsReached, isolation.StartTime, isolation.RequestTime, isolation.Memory},
		Methods: []string{
			"A guest is given one folder to read, one folder to write to, one variable of the environment, and no network. It makes attempts to reach more. An attempt is allowed if the world says so: the guest has read a secret that was put there for the trial, or a file has changed that it may not change.",
			"An attempt on resources has a budget, and is allowed if it uses all of it. The deadline of a computation is 0.25 s, and its budget 0.8 s. System calls have arguments that cannot succeed, and are allowed if the kernel looks at the arguments.",
			"The default policy gives this and nothing else. Hardened are: a limit of 64 MiB and an end at the deadline in all systems that can; for modules no folders and no variables; for containers another user, no capability, no new privileges, a root that is read only, 32 processes and no network, as far as the engine does not do so by default, and without an engine users of their own (a user namespace), which an engine gives to all its containers or to none; for processes limits.",
			"Memory is what each further live instance costs under the policy, from the first to the last of the steps at which it is read: how far the node's MemAvailable falls, and by how much the proportional set size of all processes grows.",
			"Side channels are not examined, and systems that run a kernel for each guest (microVMs) are not measured.",
		},
		Build: build, Rows: rows, RowOrder: rowOrder,
	}
}

// guest is the artefact that makes attempts.
func guest(build string) results.Artefact {
	return results.Artefact{Workload: isolation.Guest, Build: build}
}

func build(v *view.View) []model.Section {
	s := model.Section{ID: "isolation", Title: "Isolation",
		Intro: "What a guest reaches beyond what it was given. A known failure stands in the repository with its reason; side channels and microVMs are out of scope."}
	for _, x := range section.Variants(v, isolation.Name, isolation.PolicyParam) {
		if x.Workload != isolation.Guest {
			s.Elements = append(s.Elements, surface(v, x)...)
			s.Elements = append(s.Elements, matrices(v, x, "What the sandbox offers and holds", surfaceRows(v, x))...)
			continue
		}
		s.Elements = append(s.Elements, matrices(v, x, "Attempts", attemptRows())...)
		s.Elements = append(s.Elements, costs(v, x)...)
	}
	return []model.Section{s}
}

// quantity is a metric with the label of its column.
type quantity struct{ metric, label string }

// grid has two columns for each quantity that the run has, one for each policy.
func grid(v *view.View, x section.Variant, of, title string, list []quantity) *model.Grid {
	g := section.NewGrid(isolation.Name, x, of, title)
	for _, q := range list {
		if !has(v, x, q.metric) {
			continue
		}
		m, _ := registry.Metric(q.metric)
		for _, policy := range isolation.Policies() {
			label := q.label
			if policy == isolation.Hardened {
				label += " (h)"
			}
			g.Slots = append(g.Slots, section.Slot{
				Column: model.Column{Label: label, Unit: m.Unit, Explanation: m.Meaning + "; policy: " + policy},
				Params: isolation.Params(policy), Metric: q.metric,
			})
		}
	}
	out := g.Fill(v)
	out.Notes = append(out.Notes, "(h) is the hardened policy")
	return out
}

// has says whether any trial has recorded a metric.
func has(v *view.View, x section.Variant, metric string) bool {
	return slices.ContainsFunc(v.Samples(), func(s *stat.Sample) bool {
		return s.Experiment == isolation.Name && s.Artefact == x.Artefact && s.Metric == metric
	})
}

// costs show what hardening costs, and how a system deals with a guest that uses all
// that it gets.
func costs(v *view.View, x section.Variant) []model.Element {
	return section.Grids(
		grid(v, x, "hardening", "Goals, and what hardening costs", []quantity{
			{isolation.GoalsReached, "goals"}, {isolation.StartTime, "start"}, {isolation.RequestTime, "request"},
			{isolation.Memory, "memory"}, {isolation.PSS, "PSS"},
		}),
		grid(v, x, "greed", "A guest that uses all that it gets", []quantity{
			{isolation.StopTime, "stop"}, {isolation.QuietP99, "p99 quiet"}, {isolation.NeighbourP99, "p99 beside"}, {isolation.ReachableCall, "calls"},
		}),
	)
}

// surface shows what a sandbox offers and holds while it runs an artefact.
func surface(v *view.View, x section.Variant) []model.Element {
	return section.Grids(grid(v, x, "surface", "Surface", []quantity{
		{isolation.Imports, "imports"}, {isolation.SystemCalls, "calls"}, {isolation.Capabilities, "rights"},
		{isolation.Namespaces, "spaces"}, {isolation.Descriptors, "files"},
	}))
}

// rows are those of the table: one for each policy, or one that says that there is
// nothing.
func rows(v *view.View) []model.TableRow {
	containers, wasm := compare.AtLeast(1), compare.Below(1)
	p := section.Property{
		Name: "isolation",
		Claim: model.Claim{Containers: "OS namespaces", Wasm: "VM-level capability sandbox",
			ContainersBound: "≥ 1 goal reached", WasmBound: "no goal reached"},
		Containers: &containers, Wasm: &wasm,
	}
	build, ok := guestBuild(v)
	if !ok {
		p.Claim.ContainersBound, p.Claim.WasmBound = "", ""
		return p.Unmeasured(v)
	}
	metric, _ := registry.Metric(isolation.GoalsReached)
	var list []model.TableRow
	for _, policy := range isolation.Policies() {
		if policy == isolation.Hardened {
			p.Name = "hardened"
		}
		row := p.Row(v, section.Measure{
			Experiment: isolation.Name, Metric: metric, Fixed: isolation.Params(policy), Artefact: guest(build), Unrelated: true,
			Of:    fmt.Sprintf("of %d goals", len(isolation.Goals())),
			Words: fmt.Sprintf("goals that a guest reached of %d (%s), policy: %s", len(isolation.Goals()), words(isolation.Goals()), policy),
		})
		list = append(list, row)
	}
	return list
}

// guestBuild is the build of the guest that the run has.
func guestBuild(v *view.View) (string, bool) {
	for _, c := range v.Cells() {
		if c.Experiment == isolation.Name && c.Workload == isolation.Guest {
			return c.Build, true
		}
	}
	return "", false
}

func words(goals []isolation.Goal) string {
	list := make([]string, len(goals))
	for i, g := range goals {
		list[i] = string(g)
	}
	return strings.Join(list, ", ")
}
