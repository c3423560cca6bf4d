package runners

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
)

// Colour is an opaque colour in sRGB, 0xRRGGBB. It implements color.Color.
type Colour uint32

// RGBA implements color.Color.
func (c Colour) RGBA() (r, g, b, a uint32) {
	return color.RGBA{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: 255}.RGBA()
}

// String is the colour in the notation of style sheets, "#RRGGBB".
func (c Colour) String() string { return fmt.Sprintf("#%06X", uint32(c)) }

// Side is the part of the comparison that a runner belongs to.
type Side string

// The sides. Process is neither container nor WebAssembly but the baseline of both.
const (
	SideWasm       Side = "WASM"
	SideProcess    Side = "process"
	SideContainers Side = "containers"
)

// Entry is a row of the table of runners: the facts that the harness needs about
// a runner without linking it.
type Entry struct {
	Name string
	Side Side
	// Takes are the kinds of artefact that its modes accept; a mode may accept only
	// some of them. Each build is available in at most one of these kinds: a
	// language's plain build is neither an image nor a component.
	Takes []Kind
	// Agent is the import path of its agent's main package.
	Agent string
	// Cgo says that the agent needs a C compiler.
	Cgo bool
	// Library is the library in C that the agent links and in whose place a user's own
	// can be linked, nil if there is none.
	Library *Library
	// Own is the user's library that the agent links, nil for that of the row.
	Own *OwnLibrary
	// NoLibrary says, by Go's architecture, why the agent cannot be linked for Linux on
	// it, although there may be a C compiler.
	NoLibrary map[string]string
	// Daemon says that instances are started by a daemon that runs before a trial
	// and after it, so that a trial can't make the daemon's first start.
	Daemon bool
	// Systems are the operating systems it runs on; empty means all.
	Systems []string
	// Colour is the runner's colour in all figures. It is distinct from the
	// others, also for people with colour blindness, and visible on white.
	Colour Colour
}

// TakesWasm says whether the runner is a WebAssembly runtime, which takes modules or
// components.
func (e Entry) TakesWasm() bool { return slices.ContainsFunc(e.Takes, Kind.WebAssembly) }

// In is the row as it holds for one of the runner's modes.
func (e Entry) In(m Mode) Entry {
	if len(m.Takes) > 0 {
		e.Takes = m.Takes
	}
	return e
}

// componentMode begins the names of modes that take components, before the name of the
// mode that does the same with modules.
const componentMode = "component-"

// ModuleMode is the mode that does with a module what a mode does with a component, such
// as aot for component-aot. Another mode is its own.
func ModuleMode(mode string) string { return strings.TrimPrefix(mode, componentMode) }

// OwnEngine begins the names of modes whose engine the run starts itself, before the name
// of the mode that does the same through the engine of this machine.
const OwnEngine = "own-"

// DaemonIn says whether a daemon has run before a trial of a mode.
func (e Entry) DaemonIn(mode string) bool {
	return e.Daemon && !strings.HasPrefix(mode, OwnEngine)
}

// Table lists all runners, in the order in which they are shown.
func Table() []Entry {
	return []Entry{
		{Name: "wazero", Side: SideWasm, Takes: []Kind{Wasm}, Agent: "edgebench/runners/wazero/agent", Colour: 0x0072B2},
		{Name: "wazy", Side: SideWasm, Takes: []Kind{Wasm}, Agent: "edgebench/runners/wazy/agent", Colour: 0x1F96C8},
		{Name: "wasmtime", Side: SideWasm, Takes: []Kind{Wasm, Component}, Agent: "edgebench/runners/wasmtime/agent", Cgo: true, Library: libwasmtime(), Colour: 0x007F5F},
		{Name: "wasmer", Side: SideWasm, Takes: []Kind{Wasm}, Agent: "edgebench/runners/wasmer/agent", Cgo: true, Library: libwasmer(), NoLibrary: noWasmer(), Colour: 0x6A3D9A},
		{Name: "v8", Side: SideWasm, Takes: []Kind{Wasm}, Agent: "edgebench/runners/v8/agent", Cgo: true, Systems: []string{"linux"}, Colour: 0xB8336A},
		{Name: "wasmedge", Side: SideWasm, Takes: []Kind{Wasm}, Agent: "edgebench/runners/wasmedge/agent", Cgo: true, Library: libwasmedge(), Systems: []string{"linux"}, Colour: 0x6B4A1B},
		{Name: "workerd", Side: SideWasm, Takes: []Kind{Wasm, Script}, Agent: "edgebench/runners/workerd/agent", Systems: []string{"linux"}, Colour: 0x7A4B1E},
		{Name: "process", Side: SideProcess, Takes: []Kind{Native}, Agent: "edgebench/runners/process/agent", Colour: 0x6B6B70},
		{Name: "oci", Side: SideContainers, Takes: []Kind{Native, Image}, Agent: "edgebench/runners/oci/agent", Systems: []string{"linux"}, Colour: 0xC68700},
		{Name: "docker", Side: SideContainers, Takes: []Kind{Native, Image}, Agent: "edgebench/runners/docker/agent", Daemon: true, Systems: []string{"linux"}, Colour: 0xD55E00},
	}
}

func libwasmtime() *Library {
	return &Library{Name: "wasmtime", Header: "wasmtime.h", Macro: "WASMTIME_VERSION"}
}

func libwasmer() *Library {
	return &Library{Name: "wasmer", Header: "wasmer.h", Macro: "WASMER_VERSION"}
}

// noWasmer: wasmer-go has the library of another version for arm64.
func noWasmer() map[string]string {
	return map[string]string{"arm64": "wasmer-go v1.0.4 has wasmer 1.0.2 for linux/arm64, which does not have the metering and the choice of features that its adapter links, and 2.0.0 for linux/amd64"}
}

func libwasmedge() *Library {
	return &Library{
		Name: "wasmedge", Tag: "wasmedge", Header: "wasmedge/version.h", Macro: "WASMEDGE_VERSION",
		Version: "0.14.", Variable: "EDGEBENCH_WASMEDGE", Folder: "/usr/local/lib/edgebench/wasmedge/usr",
	}
}
