package wasmfile

import (
	"fmt"
	"strings"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/binary"
)

// Speech says how a module takes requests: with the exports of package abi it
// speaks Frames, with _start it is a command. What has neither is an error that
// names what is missing, and wraps ErrMalformed.
func (m *Module) Speech() (runners.Interface, error) {
	lacks := m.lacks(runners.Frames)
	if len(lacks) == 0 {
		return runners.Frames, nil
	}
	if len(m.lacks(runners.Stdio)) == 0 {
		return runners.Stdio, nil
	}
	return "", fmt.Errorf("the module exports neither %s (and %s), as a command does, nor all that edgebench's own do (see runners/abi): of that it lacks %s: %w",
		abi.Start, abi.Memory, strings.Join(lacks, ", "), runners.ErrMalformed)
}

// lacks names the exports that one who speaks like that must have.
func (m *Module) lacks(s runners.Interface) (names []string) {
	need := func(name string, has bool) {
		if !has {
			names = append(names, name)
		}
	}
	exported, usable := m.memory()
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

// checkInterface refuses a module that does not speak as it is said to.
func (m *Module) checkInterface(s runners.Interface) error {
	if s != runners.Frames && s != runners.Stdio {
		return fmt.Errorf("a WebAssembly module speaks through its exports or is a command; %q it does not, having no network: %w", s, runners.ErrUnavailable)
	}
	lacks := m.lacks(s)
	if len(lacks) == 0 {
		return nil
	}
	if s == runners.Frames {
		return abi.MissingExport(lacks[0])
	}
	return fmt.Errorf("the module does not export %s as a command does: %w", lacks[0], runners.ErrMalformed)
}
