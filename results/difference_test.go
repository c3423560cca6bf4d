package results

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDifferences(t *testing.T) {
	run := func(change func(*Folder)) *Folder {
		f := &Folder{Plan: Plan{Profile: "default"}, Environment: Environment{
			Commit: "a",
			Host: Host{OS: "linux", Arch: "amd64", CPU: "x", Cores: 2, Kernel: "6.1", Microcode: "0xf5", Libc: "glibc 2.35",
				Costs: &HostCosts{SystemCall: 200, PageFault: 900, TLBMiss: 40}, Settings: map[string]string{"GOGC": "100"}},
			Systems: []SystemState{
				{System: System{"wasmtime", "aot"}, Version: "43"},
				{System: System{"docker", "*"}, Unavailable: "no engine"},
			},
			Toolchain: map[string]string{"GOFLAGS": "-race"},
			Agents:    []AgentState{{Runner: "wasmtime", SHA256: "56", Compilers: []string{"GCC 12"}}, {Runner: "wazero"}},
			Artefacts: []ArtefactState{{Artefact: Artefact{Workload: "noop", Build: "c"}, Kind: "wasm", SHA256: "12"}},
		}}
		change(f)
		return f
	}
	old := run(func(*Folder) {})
	if d := Differences(old, run(func(f *Folder) {
		f.Environment.Host.Microcode, f.Environment.Host.Libc = "", ""
		f.Environment.Toolchain, f.Environment.Agents = nil, nil
		f.Environment.Host.Costs = nil
	})); len(d) != 0 {
		t.Errorf("what an earlier version left out is a difference: %v", d)
	}
	if d := Differences(old, run(func(f *Folder) {
		f.Environment.Host.Costs = &HostCosts{SystemCall: 250, PageFault: 700}
	})); len(d) != 0 {
		t.Errorf("costs that differ by less than half are a difference: %v", d)
	}
	if d := Differences(old, run(func(*Folder) {})); len(d) != 0 {
		t.Errorf("two runs that are alike differ in %v", d)
	}
	got := Differences(old, run(func(f *Folder) {
		e := &f.Environment
		e.Host.Kernel, e.Host.CPU = "6.2", "y"
		e.Host.Settings = map[string]string{"GOGC": "50", "uid": "0"}
		e.Host.Microcode, e.Host.Libc, e.Host.Distribution = "0xf6", "glibc 2.36", "Debian 12"
		e.Host.Costs = &HostCosts{SystemCall: 210, PageFault: 12700, TLBMiss: 340}
		e.Changes, e.Toolchain = "78", map[string]string{"CC": "gcc"}
		e.Agents = []AgentState{{Runner: "wasmtime", SHA256: "57", Compilers: []string{"GCC 13"}, GoVersion: "go1.26"}, {Runner: "oci", SHA256: "1"}}
		e.Systems[0].Version = "44"
		e.Systems[1].Unavailable = ""
		e.Artefacts[0].SHA256 = "34"
		f.Plan.Profile = "quick"
		f.Plan.Slowed = map[string]float64{"wazero": 0.05}
	}))
	want := []Difference{
		{"host.cpu", "x", "y", true},
		{"host.kernel", "6.1", "6.2", false},
		{"host.microcode", "0xf5", "0xf6", false},
		{"host.libc", "glibc 2.35", "glibc 2.36", false},
		{"host.costs.page_fault_ns", "900ns", "12.7µs", false},
		{"host.costs.tlb_miss_ns", "40ns", "340ns", false},
		{"host.settings.GOGC", "100", "50", false},
		{"host.settings.uid", "", "0", false},
		{"changes", "", "78", false},
		{"toolchain.CC", "", "gcc", false},
		{"toolchain.GOFLAGS", "-race", "", false},
		{"profile", "default", "quick", false},
		{"slowed.wazero", "", "5 % on purpose", false},
		{"systems.wasmtime/aot.version", "43", "44", false},
		{"agents.wasmtime.sha256", "56", "57", false},
		{"agents.wasmtime.compilers", "GCC 12", "GCC 13", false},
		{"artefacts.noop/c/wasm.sha256", "12", "34", false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
