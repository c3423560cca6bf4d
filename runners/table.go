package runners

// Entry is a row of the table of runners: what the harness must know of a
// runner without linking it.
type Entry struct {
	Name string
	// Takes is the kind of artefact.
	Takes Kind
	// Agent is the import path of its agent's main package.
	Agent string
	// Cgo says that the agent needs a C compiler.
	Cgo bool
	// Systems are the operating systems it runs on; empty means all.
	Systems []string
}

// Table lists all runners, in the order in which they are shown.
func Table() []Entry {
	return []Entry{
		{Name: "wazero", Takes: Wasm, Agent: "edgebench/runners/wazero/agent"},
		{Name: "wasmtime", Takes: Wasm, Agent: "edgebench/runners/wasmtime/agent", Cgo: true},
		{Name: "wasmer", Takes: Wasm, Agent: "edgebench/runners/wasmer/agent", Cgo: true},
		{Name: "process", Takes: Native, Agent: "edgebench/runners/process/agent"},
		{Name: "oci", Takes: Native, Agent: "edgebench/runners/oci/agent", Systems: []string{"linux"}},
		{Name: "docker", Takes: Native, Agent: "edgebench/runners/docker/agent", Systems: []string{"linux"}},
	}
}
