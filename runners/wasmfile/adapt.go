package wasmfile

import (
	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/binary"
)

// ReadFor reads a module's file as a runtime is to get it. Two kinds of module are run as
// they are meant only with a change, which is the same for every runtime:
//
//   - A reactor of package abi that has _start and no _initialize. Compilers such as
//     TinyGo's initialise the program's runtime there and leave the instance usable. It
//     gets an export _initialize that is _start.
//   - A command with a start function, which runs when the module is instantiated
//     (https://webassembly.github.io/spec/core/syntax/modules.html#start-function): the
//     request is not there yet, and some runtimes give it no memory and no stdout. Its
//     _start calls the start function first instead.
//
// A module that needs neither is returned itself, and so is a broken one, which Check
// refuses.
func ReadFor(path string, iface runners.Interface) ([]byte, error) {
	code, err := abi.ReadModule(path)
	if err != nil {
		return nil, err
	}
	return adapt(code, iface), nil
}

func adapt(code []byte, iface runners.Interface) []byte {
	sections, err := split(code)
	if err != nil {
		return code
	}
	switch start, has := sections.find(binary.SectionStart); {
	case iface == runners.Frames:
		return withInitialise(code, sections)
	case iface == runners.Stdio && has:
		return withStartCalled(code, sections, start)
	}
	return code
}

// sections are those of a module in their order.
type sections []binary.Section

func split(code []byte) (sections, error) {
	if err := abi.CheckPreamble(code); err != nil {
		return nil, err
	}
	var all sections
	r := binary.NewReader(code, len(binary.Preamble))
	for r.More() {
		all = append(all, r.Section())
	}
	return all, r.Err()
}

func (all sections) find(id byte) (binary.Section, bool) {
	for _, s := range all {
		if s.ID == id {
			return s, true
		}
	}
	return binary.Section{}, false
}

// rebuild makes the module with other payloads of some sections, nil to leave one out.
func (all sections) rebuild(code []byte, payloads map[byte][]byte) []byte {
	const mostAdded = 100
	out := append(make([]byte, 0, len(code)+mostAdded), binary.Preamble...)
	for _, s := range all {
		payload, changed := payloads[s.ID]
		switch {
		case !changed:
			out = append(out, code[s.Start:s.End]...)
		case payload != nil:
			out = append(binary.AppendNumber(append(out, s.ID), uint32(len(payload))), payload...)
		}
	}
	return out
}

// added gives a section's payload with one more element at its end.
func added(code []byte, s binary.Section, element []byte) []byte {
	payload := code[s.Payload:s.End]
	r := binary.NewReader(payload, 0)
	n := r.Number()
	counted := len(payload) - r.Left()
	return append(append(binary.AppendNumber(nil, n+1), payload[counted:]...), element...)
}

func withInitialise(code []byte, all sections) []byte {
	s, ok := all.find(binary.SectionExport)
	if !ok {
		return code
	}
	m := &Module{}
	if err := m.section(s.ID, code[s.Payload:s.End]); err != nil {
		return code
	}
	start, ok := m.find(abi.Start, binary.KindFunction)
	if _, has := m.find(abi.Initialise, binary.KindFunction); has || !ok {
		return code
	}
	return all.rebuild(code, map[byte][]byte{s.ID: added(code, s, exportItem{abi.Initialise, binary.KindFunction, start.index}.encode())})
}

// encode gives an export as it stands in its section.
func (e exportItem) encode() []byte {
	b := append(binary.AppendNumber(nil, uint32(len(e.name))), e.name...)
	return binary.AppendNumber(append(b, e.kind), e.index)
}

// withStartCalled adds a function that calls the start function and then _start, and
// exports it in the place of _start. Modules with types of other kinds than functions,
// whose numbers are not known, stay as they are.
func withStartCalled(code []byte, all sections, start binary.Section) []byte {
	m, err := inspect(code)
	main, ok := m.exported(abi.Start)
	functions, hasFunctions := all.find(binary.SectionFunction)
	bodies, hasBodies := all.find(binary.SectionCode)
	types, hasTypes := all.find(binary.SectionType)
	r := binary.NewReader(code[start.Payload:start.End], 0)
	first := r.Number()
	if err != nil || m.odd || !ok || !hasFunctions || !hasBodies || !hasTypes || r.Err() != nil {
		return code
	}
	const call, end = 0x10, 0x0b
	body := binary.AppendNumber([]byte{0, call}, first) // without locals
	body = append(binary.AppendNumber(append(body, call), main.index), end)
	exports := binary.AppendNumber(nil, uint32(len(m.exports)))
	for _, e := range m.exports {
		if e.name == abi.Start {
			e.index = uint32(len(m.functions))
		}
		exports = append(exports, e.encode()...)
	}
	return all.rebuild(code, map[byte][]byte{
		binary.SectionStart: nil, binary.SectionExport: exports,
		binary.SectionType:     added(code, types, []byte{0x60, 0, 0}),
		binary.SectionFunction: added(code, functions, binary.AppendNumber(nil, uint32(len(m.types)))),
		binary.SectionCode:     added(code, bodies, append(binary.AppendNumber(nil, uint32(len(body))), body...)),
	})
}

// exported gives an exported function; of no module there is none.
func (m *Module) exported(name string) (exportItem, bool) {
	if m == nil {
		return exportItem{}, false
	}
	return m.find(name, binary.KindFunction)
}
