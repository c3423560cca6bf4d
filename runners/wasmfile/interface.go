package wasmfile

import (
	"fmt"
	"strings"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/binary"
)

// Interface says how a module takes requests: a module with the exports of package
// abi has the interface Frames, a module with _start is a command. A module with
// neither is an error that names the missing exports and wraps ErrMalformed.
func (m *Module) Interface() (runners.Interface, error) {
	missing := m.missing(runners.Frames)
	if len(missing) == 0 {
		return runners.Frames, nil
	}
	if len(m.missing(runners.Stdio)) == 0 {
		return runners.Stdio, nil
	}
	return "", fmt.Errorf("the module exports neither %s and %s, as a command does, nor the functions of edgebench's interface (see runners/abi; missing: %s): %w",
		abi.Start, abi.Memory, strings.Join(missing, ", "), runners.ErrMalformed)
}

// missing names the exports that the interface requires and the module does not
// have.
func (m *Module) missing(s runners.Interface) (names []string) {
	need := func(name string, has bool) {
		if !has {
			names = append(names, name)
		}
	}
	exported, usable := m.memory()
	if s == runners.Stdio && !exported && len(m.imports) == 0 { // it calls nobody who reads its memory
		need(abi.Start, m.hasFunction(abi.Start, signature{}))
		return names
	}
	if exported && !usable {
		names = append(names, abi.Memory+" (with addresses of 32 bits, not shared)")
	} else {
		need(abi.Memory, usable)
	}
	if s == runners.Stdio {
		need(abi.Start, m.hasFunction(abi.Start, signature{}))
		return names
	}
	need(abi.Alloc, m.hasFunction(abi.Alloc, signature{i32, i32}))
	need(abi.Handle, m.hasFunction(abi.Handle, signature{i32 + i32, i64}))
	if _, ok := m.find(abi.Initialise, binary.KindFunction); ok {
		need(abi.Initialise, m.hasFunction(abi.Initialise, signature{}))
	}
	return names
}

// checkInterface refuses a module that does not have the given interface.
func (m *Module) checkInterface(s runners.Interface) error {
	if s != runners.Frames && s != runners.Stdio {
		return fmt.Errorf("a WebAssembly module has no network and does not support the interface %q: %w", s, runners.ErrUnavailable)
	}
	missing := m.missing(s)
	if len(missing) == 0 {
		return nil
	}
	if s == runners.Frames {
		return abi.MissingExport(missing[0])
	}
	return fmt.Errorf("the module does not export %s as a command does: %w", missing[0], runners.ErrMalformed)
}
