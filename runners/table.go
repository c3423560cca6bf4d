package runners

import "slices"

// Side is the part of the comparison that a runner belongs to.
type Side string

// The sides. Process is neither container nor WebAssembly but the baseline of both.
const (
	SideWasm       Side = "WASM"
	SideProcess    Side = "process"
	SideContainers Side = "containers"
)

// Entry is a row of the table of runners: what the harness must know of a
// runner without linking it.
type Entry struct {
	Name string
	Side Side
	// Takes are the kinds of artefact that it takes. A build comes in one kind
	// of them at most: a language's plain build is no image.
	Takes []Kind
	// Agent is the import path of its agent's main package.
	Agent string
	// Cgo says that the agent needs a C compiler.
	Cgo bool
	// Systems are the operating systems it runs on; empty means all.
	Systems []string
}

// TakesWasm says whether the runner is a WebAssembly runtime.
func (e Entry) TakesWasm() bool { return slices.Contains(e.Takes, Wasm) }

// Find returns the row of a runner.
func Find(name string) (Entry, bool) {
	for _, e := range Table() {
		if e.Name == name {
			return e, true
		}
	}
	return Entry{}, false
}

// Table lists all runners, in the order in which they are shown.
func Table() []Entry {
	return []Entry{
		{Name: "wazero", Side: SideWasm, Takes: []Kind{Wasm}, Agent: "edgebench/runners/wazero/agent"},
		{Name: "wasmtime", Side: SideWasm, Takes: []Kind{Wasm}, Agent: "edgebench/runners/wasmtime/agent", Cgo: true},
		{Name: "wasmer", Side: SideWasm, Takes: []Kind{Wasm}, Agent: "edgebench/runners/wasmer/agent", Cgo: true},
		{Name: "process", Side: SideProcess, Takes: []Kind{Native}, Agent: "edgebench/runners/process/agent"},
		{Name: "oci", Side: SideContainers, Takes: []Kind{Native, Image}, Agent: "edgebench/runners/oci/agent", Systems: []string{"linux"}},
		{Name: "docker", Side: SideContainers, Takes: []Kind{Native, Image}, Agent: "edgebench/runners/docker/agent", Systems: []string{"linux"}},
	}
}
