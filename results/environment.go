package results

import "time"

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
	// Command is the command line, Commit the suite's version ("" unknown).
	Command []string `json:"command"`
	Commit  string   `json:"commit,omitempty"`
}

// Host is the fingerprint of the machine.
type Host struct {
	OS          string `json:"os"`
	Arch        string `json:"arch"`
	Kernel      string `json:"kernel"`
	CPU         string `json:"cpu"`
	Cores       int    `json:"cores"`
	Memory      uint64 `json:"memory_bytes"`
	ClockSource string `json:"clock_source,omitempty"`
	Governor    string `json:"governor,omitempty"`
	Virtual     string `json:"virtual,omitempty"`
	Cgroup      string `json:"cgroup,omitempty"`
	GoVersion   string `json:"go_version"`
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
	// Unavailable is why it could not be measured and how to mend it, in one
	// line; "" when it could.
	Unavailable string            `json:"unavailable,omitempty"`
	Rungs       []Rung            `json:"rungs,omitempty"`
	Settings    map[string]string `json:"settings,omitempty"`
}

// ArtefactState is one build of a workload.
type ArtefactState struct {
	Workload string `json:"workload"`
	Language string `json:"language"`
	Kind     string `json:"kind"`
	SHA256   string `json:"sha256,omitempty"`
	Size     uint64 `json:"size_bytes,omitempty"`
	// Toolchain names compiler, flags and libc.
	Toolchain string `json:"toolchain,omitempty"`
	// Unavailable is why it could not be built, "" when it could.
	Unavailable string `json:"unavailable,omitempty"`
}
