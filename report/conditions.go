package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// conditions fills in what identifies the run and the machine.
func conditions(m *model.Model, v *view.View) {
	h := v.Env.Host
	m.Run = cmp.Or(v.Plan.Run, v.Env.Run)
	m.At = v.Env.At
	m.Costs = h.Costs
	m.Title = "Containers versus WebAssembly at the edge"
	if v.Plan.Profile != "" {
		m.Title += ", profile " + v.Plan.Profile
	}
	add := func(name, value string) {
		if value != "" {
			m.Conditions = append(m.Conditions, model.Fact{Name: name, Value: value})
		}
	}
	add("run", m.Run)
	if !m.At.IsZero() {
		add("at", m.At.UTC().Format(time.RFC3339))
	}
	add("suite", v.Env.Commit)
	add("command", strings.Join(v.Env.Command, " "))
	add("profile", v.Plan.Profile)
	add("seed", strconv.FormatUint(v.Plan.Seed, 10))
	if v.Plan.Budget > 0 {
		add("budget", v.Plan.Budget.String())
	}
	add("system", strings.TrimSpace(h.OS+" "+h.Kernel+" "+h.Arch))
	add("processor", h.CPU)
	if h.Cores > 0 {
		add("cores", strconv.Itoa(h.Cores))
	}
	if h.Memory > 0 {
		add("memory", format.Quantity(float64(h.Memory), results.Bytes))
	}
	add("clock source", h.ClockSource)
	add("frequency governor", h.Governor)
	add("virtualisation", h.Virtual)
	add("machine's costs", h.Costs.String())
	add("control groups", h.Cgroup)
	add("Go", h.GoVersion)
	for _, name := range slices.Sorted(maps.Keys(h.Settings)) {
		m.Settings = append(m.Settings, model.Fact{Name: name, Value: h.Settings[name]})
	}
}

// configuration is what the Go tool prints before benchmarks, and what identifies
// the run.
func configuration(v *view.View) []model.Fact {
	h := v.Env.Host
	var list []model.Fact
	add := func(key, value string) {
		if value != "" {
			list = append(list, model.Fact{Name: key, Value: value})
		}
	}
	add("goos", h.OS)
	add("goarch", h.Arch)
	add("pkg", "edgebench")
	add("cpu", h.CPU)
	add("kernel", h.Kernel)
	if h.Cores > 0 {
		add("cores", strconv.Itoa(h.Cores))
	}
	add("go", h.GoVersion)
	add("run", cmp.Or(v.Plan.Run, v.Env.Run))
	add("profile", v.Plan.Profile)
	add("seed", strconv.FormatUint(v.Plan.Seed, 10))
	add("commit", v.Env.Commit)
	for _, runner := range slices.Sorted(maps.Keys(v.Plan.Slowed)) {
		add("slowed-on-purpose-"+runner, fmt.Sprintf("%.4g%%", v.Plan.Slowed[runner]*100))
	}
	return list
}
