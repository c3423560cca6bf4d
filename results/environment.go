package results

import (
	"fmt"
	"slices"
	"time"
)

// Environment is what another person needs to judge and to repeat a run:
// environment.json.
type Environment struct {
	Schema int       `json:"schema"`
	Run    string    `json:"run"`
	At     time.Time `json:"at"`
	Host   Host      `json:"host"`
	// Systems are all runners and modes, the unavailable ones with a reason.
	Systems []SystemState `json:"systems"`
	// Artefacts are the builds that were run.
	Artefacts []ArtefactState `json:"artefacts"`
	// Agents are the programs that the runtimes ran in.
	Agents []AgentState `json:"agents,omitempty"`
	// Command is the command line, Commit the suite's version ("" unknown).
	Command []string `json:"command"`
	Commit  string   `json:"commit,omitempty"`
	// Changes tells changed work trees at one commit apart: the SHA-256 of
	// what git shows as the difference from it; "" where nothing is changed.
	Changes string `json:"changes,omitempty"`
	// Toolchain is what built the agents: the Go toolchain's own settings, such
	// as "GOFLAGS" and "GOEXPERIMENT", and the C compiler that it calls.
	Toolchain map[string]string `json:"toolchain,omitempty"`
}

// Host is the fingerprint of the machine.
type Host struct {
	OS     string `json:"os"`
	Arch   string `json:"arch"`
	Kernel string `json:"kernel"`
	CPU    string `json:"cpu"`
	// Microcode is the revision that the processor runs.
	Microcode   string `json:"microcode,omitempty"`
	Cores       int    `json:"cores"`
	Memory      uint64 `json:"memory_bytes"`
	ClockSource string `json:"clock_source,omitempty"`
	Governor    string `json:"governor,omitempty"`
	Virtual     string `json:"virtual,omitempty"`
	Cgroup      string `json:"cgroup,omitempty"`
	// Distribution is the system's name for itself, Libc the C library of its
	// programs with its version.
	Distribution string `json:"distribution,omitempty"`
	Libc         string `json:"libc,omitempty"`
	GoVersion    string `json:"go_version"`
	// Costs are what the machine's shortest services take; nil where that is unknown,
	// as in older runs.
	Costs *HostCosts `json:"costs,omitempty"`
	// Limits and settings that bear on a figure, e.g. "vm.max_map_count",
	// "GOMAXPROCS", "GOGC".
	Settings map[string]string `json:"settings"`
}

// Key is the part of a host's fingerprint that two parts of one run, or two
// runs that are compared, must share.
func (h Host) Key() string {
	return h.OS + "/" + h.Arch + "/" + h.Kernel + "/" + h.CPU
}

// SystemState is one runner in one mode as it was found.
type SystemState struct {
	System
	Version string `json:"version,omitempty"`
	// Released is the day of the version's release, as 2006-01-02; "" if it is
	// unknown.
	Released string `json:"released,omitempty"`
	// Unavailable is why it could not be measured, with the remedy, in one line; ""
	// when it could.
	Unavailable string `json:"unavailable,omitempty"`
	Rungs       []Rung `json:"rungs,omitempty"`
	// Engine says that processes which are no children of the agent do much of the
	// system's work, so that it can't be told from what others do.
	Engine bool `json:"engine,omitempty"`
	// Library is the SHA-256 of the user's library that was linked in place of the
	// runner's own, "" for that.
	Library  string            `json:"library,omitempty"`
	Settings map[string]string `json:"settings,omitempty"`
}

// VersionText is the version for people, with the beginning of the hash where it is that
// of a user's library.
func (s SystemState) VersionText() string {
	if s.Library == "" {
		return s.Version
	}
	return fmt.Sprintf("%s, SHA-256 %.12s", s.Version, s.Library)
}

// AgentState is the agent of a runner, as the file tells of itself.
type AgentState struct {
	Runner string `json:"runner"`
	SHA256 string `json:"sha256,omitempty"`
	// GoVersion built it. Compilers had a part in it beside Go, sorted: cgo's
	// and those of the libraries that are linked.
	GoVersion string   `json:"go_version,omitempty"`
	Compilers []string `json:"compilers,omitempty"`
	// Settings of its build, such as "CGO_ENABLED" and "GOAMD64".
	Settings map[string]string `json:"settings,omitempty"`
}

// ArtefactState is one build of a workload.
type ArtefactState struct {
	Artefact
	Kind   string `json:"kind"`
	SHA256 string `json:"sha256,omitempty"`
	Size   uint64 `json:"size_bytes,omitempty"`
	// Toolchain names compiler and libc with their versions, Flags what the
	// compiler was told.
	Toolchain string `json:"toolchain,omitempty"`
	Flags     string `json:"flags,omitempty"`
	// Unavailable is why it could not be built, "" when it could.
	Unavailable string `json:"unavailable,omitempty"`
}

// Validate reports the first thing that makes the environment unusable, or
// nil. What could not be found out about a machine may be missing.
func (e *Environment) Validate() error {
	switch {
	case e.Run == "":
		return fmt.Errorf("run is missing")
	case e.Host.Cores < 0:
		return fmt.Errorf("cores must not be negative")
	case e.Host.Costs != nil && min(e.Host.Costs.SystemCall, e.Host.Costs.PageFault, e.Host.Costs.TLBMiss) < 0:
		return fmt.Errorf("costs must not be negative")
	}
	if err := checkSchema(e.Schema); err != nil {
		return err
	}
	if err := checkTime(e.At); err != nil {
		return err
	}
	for _, s := range e.Systems {
		if !isName(s.Runner) || !isName(s.Mode) {
			return fmt.Errorf("system %q is incomplete or has an invalid name", s.System)
		}
		for _, r := range s.Rungs {
			if !slices.Contains(Rungs(), r) {
				return fmt.Errorf("system %s has the rung %q, which is unknown", s.System, r)
			}
		}
		if _, err := time.Parse(time.DateOnly, s.Released); s.Released != "" && err != nil {
			return fmt.Errorf("system %s was released on %q, which is no day such as 2006-01-02", s.System, s.Released)
		}
	}
	for _, a := range e.Agents {
		if !isName(a.Runner) {
			return fmt.Errorf("an agent has the invalid name %q", a.Runner)
		}
	}
	for _, a := range e.Artefacts {
		if !isName(a.Workload) || !isName(a.Build) || !isName(a.Kind) {
			return fmt.Errorf("artefact %q in %q of kind %q is incomplete or has an invalid name", a.Workload, a.Build, a.Kind)
		}
	}
	return nil
}
