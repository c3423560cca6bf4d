package results

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Difference is a field in which two runs differ.
type Difference struct {
	// Field as in environment.json and plan.json, e.g. "host.kernel" or
	// "systems.wasmtime/aot.version".
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
	// Refused means that the figures of the two runs are not comparable. Otherwise
	// the difference is only reported, because it may be what is to be measured.
	Refused bool `json:"refused"`
}

// Differences lists the differences of two runs that affect their figures. Those
// that make a comparison meaningless come first; each group is in the order of the
// record.
func Differences(old, new *Folder) []Difference {
	d := differences{}
	a, b := &old.Environment, &new.Environment
	d.refuse("host.os", a.Host.OS, b.Host.OS)
	d.refuse("host.arch", a.Host.Arch, b.Host.Arch)
	d.refuse("host.cpu", a.Host.CPU, b.Host.CPU)
	d.refuse("host.cores", strconv.Itoa(a.Host.Cores), strconv.Itoa(b.Host.Cores))
	d.note("host.kernel", a.Host.Kernel, b.Host.Kernel)
	d.known("host.microcode", a.Host.Microcode, b.Host.Microcode)
	d.note("host.memory_bytes", strconv.FormatUint(a.Host.Memory, 10), strconv.FormatUint(b.Host.Memory, 10))
	d.note("host.clock_source", a.Host.ClockSource, b.Host.ClockSource)
	d.note("host.governor", a.Host.Governor, b.Host.Governor)
	d.note("host.virtual", a.Host.Virtual, b.Host.Virtual)
	d.note("host.cgroup", a.Host.Cgroup, b.Host.Cgroup)
	d.known("host.distribution", a.Host.Distribution, b.Host.Distribution)
	d.known("host.libc", a.Host.Libc, b.Host.Libc)
	d.costs(a.Host.Costs, b.Host.Costs)
	d.note("host.go_version", a.Host.GoVersion, b.Host.GoVersion)
	d.settings("host.settings.", a.Host.Settings, b.Host.Settings)
	d.note("commit", a.Commit, b.Commit)
	d.note("changes", a.Changes, b.Changes)
	if a.Toolchain != nil && b.Toolchain != nil {
		d.settings("toolchain.", a.Toolchain, b.Toolchain)
	}
	d.note("profile", old.Plan.Profile, new.Plan.Profile)
	d.settings("slowed.", slowed(old.Plan), slowed(new.Plan))
	d.systems(a.Systems, b.Systems)
	d.agents(a.Agents, b.Agents)
	d.artefacts(a.Artefacts, b.Artefacts)
	slices.SortStableFunc(d, func(x, y Difference) int {
		return rank(y.Refused) - rank(x.Refused)
	})
	return d
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

type differences []Difference

func (d *differences) refuse(field, old, new string) { d.add(field, old, new, true) }

func (d *differences) note(field, old, new string) { d.add(field, old, new, false) }

// known notes what both runs recorded: earlier versions left it out.
func (d *differences) known(field, old, new string) {
	if old != "" && new != "" {
		d.note(field, old, new)
	}
}

// unlike is the ratio of two costs of one machine beyond which it was not as fast in
// one of the two runs.
const unlike = 1.5

// costs notes that the same machine was slower in one of two runs, as a virtual machine
// is that has moved.
func (d *differences) costs(old, new *HostCosts) {
	if old == nil || new == nil {
		return
	}
	for _, c := range []struct {
		field    string
		old, new time.Duration
	}{
		{"host.costs.system_call_ns", old.SystemCall, new.SystemCall},
		{"host.costs.page_fault_ns", old.PageFault, new.PageFault},
		{"host.costs.tlb_miss_ns", old.TLBMiss, new.TLBMiss},
	} {
		if min(c.old, c.new) > 0 && float64(max(c.old, c.new)) > unlike*float64(min(c.old, c.new)) {
			d.note(c.field, c.old.String(), c.new.String())
		}
	}
}

func (d *differences) add(field, old, new string, refused bool) {
	if old != new {
		*d = append(*d, Difference{field, old, new, refused})
	}
}

// settings compares what both sides name or one of them.
func (d *differences) settings(prefix string, old, new map[string]string) {
	names := maps.Clone(old)
	if names == nil {
		names = map[string]string{}
	}
	maps.Copy(names, new)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		d.note(prefix+name, old[name], new[name])
	}
}

// slowed says by how much each runner of a plan was slowed on purpose.
func slowed(p Plan) map[string]string {
	words := make(map[string]string, len(p.Slowed))
	for runner, share := range p.Slowed {
		words[runner] = fmt.Sprintf("%.4g %% on purpose", share*100)
	}
	return words
}

// systems compares those that both runs could measure.
func (d *differences) systems(old, new []SystemState) {
	for _, a := range old {
		i := slices.IndexFunc(new, func(b SystemState) bool { return b.System == a.System })
		if i < 0 || a.Unavailable != "" || new[i].Unavailable != "" {
			continue
		}
		prefix := "systems." + a.System.String() + "."
		d.note(prefix+"version", a.Version, new[i].Version)
		d.known(prefix+"released", a.Released, new[i].Released)
		d.note(prefix+"library", a.Library, new[i].Library)
		d.settings(prefix+"settings.", a.Settings, new[i].Settings)
	}
}

// agents compares those that both runs recorded.
func (d *differences) agents(old, new []AgentState) {
	for _, a := range old {
		i := slices.IndexFunc(new, func(b AgentState) bool { return b.Runner == a.Runner })
		if i < 0 {
			continue
		}
		prefix := "agents." + a.Runner + "."
		d.known(prefix+"sha256", a.SHA256, new[i].SHA256)
		d.known(prefix+"go_version", a.GoVersion, new[i].GoVersion)
		d.note(prefix+"compilers", strings.Join(a.Compilers, ", "), strings.Join(new[i].Compilers, ", "))
		d.settings(prefix+"settings.", a.Settings, new[i].Settings)
	}
}

// artefacts compares those that both runs had.
func (d *differences) artefacts(old, new []ArtefactState) {
	for _, a := range old {
		i := slices.IndexFunc(new, func(b ArtefactState) bool {
			return b.Artefact == a.Artefact && b.Kind == a.Kind
		})
		if i < 0 || a.SHA256 == "" || new[i].SHA256 == "" {
			continue
		}
		prefix := fmt.Sprintf("artefacts.%s/%s/%s.", a.Workload, a.Build, a.Kind)
		d.note(prefix+"sha256", a.SHA256, new[i].SHA256)
		d.note(prefix+"toolchain", a.Toolchain, new[i].Toolchain)
		d.note(prefix+"flags", a.Flags, new[i].Flags)
	}
}
