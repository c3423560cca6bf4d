package wasmfile

import (
	"fmt"
	"slices"
	"strings"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/binary"
)

// Form is what a module was made for, as its imports and exports tell.
type Form string

// The forms.
const (
	// Command has _start and imports WASI preview 1 at most.
	Command Form = "WASI command"
	// Reactor has the exports of package runners/abi.
	Reactor Form = "module with edgebench's exports"
	// Library has neither, and imports nothing but WASI preview 1.
	Library Form = "module of functions"
	// Emscripten, WasmBindgen, GoJS and AssemblyScript expect JavaScript beside them.
	Emscripten     Form = "output of Emscripten"
	WasmBindgen    Form = "output of wasm-bindgen"
	GoJS           Form = "output of Go for browsers"
	AssemblyScript Form = "output of AssemblyScript for browsers"
	// Preview0 and WASIX use another WASI than preview 1, Threads that of threads.
	Preview0 Form = "module of WASI preview 0"
	WASIX    Form = "module of WASIX"
	Threads  Form = "module of WASI threads"
	// NodeAPI is an add-on of Node.js.
	NodeAPI Form = "add-on for Node-API"
	// Unknown imports something else.
	Unknown Form = "module for another host"
)

// remedies say what makes a module of WASI preview 1 of the same source.
var remedies = map[Form]string{
	Emscripten:     "link it with -sSTANDALONE_WASM",
	WasmBindgen:    "build it for wasm32-wasip1 without wasm-bindgen",
	GoJS:           "build it with GOOS=wasip1",
	AssemblyScript: "compile it with --use abort=",
	Preview0:       "build it with a newer compiler for WASI preview 1",
	WASIX:          "build it for wasm32-wasip1",
	Threads:        "build it for wasm32-wasip1 without threads",
	NodeAPI:        "build its library as a WASI command",
	Library:        "export _start and memory, or edgebench's functions (see runners/abi)",
	Unknown:        "build it for WASI preview 1",
}

// Form tells what the module was made for.
func (m *Module) Form() Form {
	for _, f := range []struct {
		form Form
		is   func(importItem) bool
	}{
		{WasmBindgen, fromWasmBindgen}, {GoJS, fromGo},
		{NodeAPI, func(i importItem) bool { return strings.HasPrefix(i.name, "napi_") }},
		{Threads, func(i importItem) bool { return i.from == "wasi" && i.name == "thread-spawn" }},
		{WASIX, func(i importItem) bool { return strings.HasPrefix(i.from, "wasix") }},
		{Preview0, func(i importItem) bool { return i.from == "wasi_unstable" }},
		{Emscripten, fromEmscripten},
	} {
		if slices.ContainsFunc(m.imports, f.is) {
			return f.form
		}
	}
	exports := func(prefix string) bool {
		return slices.ContainsFunc(m.exports, func(e exportItem) bool { return strings.HasPrefix(e.name, prefix) })
	}
	strange := m.Unsupplied()
	switch {
	case exports("__wbindgen_"):
		return WasmBindgen
	case m.minified() || len(strange) > 0 && exports("stackAlloc"):
		return Emscripten
	case slices.Contains(strange, "env.abort"):
		return AssemblyScript
	case len(strange) > 0:
		return Unknown
	}
	switch iface, err := m.Interface(); {
	case err != nil:
		return Library
	case iface == runners.Stdio:
		return Command
	}
	return Reactor
}

func fromWasmBindgen(i importItem) bool {
	return i.from == "wbg" || strings.HasPrefix(i.from, "__wbindgen") || strings.HasPrefix(i.name, "__wbg_") || strings.HasPrefix(i.name, "__wbindgen_")
}

func fromGo(i importItem) bool {
	return i.from == "gojs" || i.from == "go" && strings.HasPrefix(i.name, "runtime.")
}

func fromEmscripten(i importItem) bool {
	for _, prefix := range []string{"emscripten_", "_emscripten_", "__syscall", "___syscall", "invoke_", "_embind_", "__cxa_", "___cxa_", "_abort_js", "abortOnCannotGrowMemory", "__asyncjs__"} {
		if i.from == "env" && strings.HasPrefix(i.name, prefix) {
			return true
		}
	}
	return i.from == "asm2wasm" || strings.HasPrefix(i.from, "GOT.")
}

// minified says whether all imports come from one module with a name of a letter, as
// Emscripten shortens them.
func (m *Module) minified() bool {
	const longest = 2
	return len(m.imports) > 0 && !slices.ContainsFunc(m.imports, func(i importItem) bool { return len(i.from) != 1 || len(i.name) > longest })
}

// Unsupplied lists the imports that no runner supplies, as MODULE.NAME on one line.
func (m *Module) Unsupplied() (list []string) {
	for _, i := range m.imports {
		if i.from != abi.WASI || i.kind != binary.KindFunction || !slices.Contains(preview1, i.name) {
			list = append(list, oneLine(i.from+"."+i.name))
		}
	}
	return list
}

// Refusal is the error that names the form of a module which no runner takes, what it
// needs that nobody supplies, and the remedy. It is nil for a command and a reactor.
func (m *Module) Refusal() error {
	form := m.Form()
	if form == Command || form == Reactor {
		return nil
	}
	if form == Library {
		return fmt.Errorf("%s: it exports neither what a command does nor edgebench's functions (of those it does not have %s); %s: %w",
			form, strings.Join(m.missing(runners.Frames), ", "), remedies[form], runners.ErrMalformed)
	}
	reason := "it wants its own host to call it"
	if list := m.Unsupplied(); len(list) > 0 {
		reason = "no runner supplies " + listed(list)
	}
	return fmt.Errorf("%s: %s; %s: %w", form, reason, remedies[form], runners.ErrUnavailable)
}
