package wasmfile

import (
	"errors"
	"fmt"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/binary"
)

// Module holds what the sections of a module say of it.
type Module struct {
	imports  []importItem
	exports  []exportItem
	memories []memoryType // imported ones first
	// odd says that it has types other than those of plain functions: then no
	// function's type is known.
	odd       bool
	types     []signature
	functions []uint32 // the type of each, imported ones first
}

// importItem is something that a module wants from outside.
type importItem struct {
	from, name string
	kind       byte // binary.KindFunction, …
}

// exportItem is something that a module shows.
type exportItem struct {
	name  string
	kind  byte
	index uint32 // among all of its kind, imported ones first
}

// memoryType is the type of a linear memory, without its size.
type memoryType struct{ shared, is64 bool }

// plain memories are those that calls with addresses of 32 bits can use.
func (m memoryType) plain() bool { return !m.shared && !m.is64 }

// signature is a function's type: the types of its parameters and results, a
// byte for each.
type signature struct{ params, results string }

// Types of values.
const (
	i32 = "\x7f"
	i64 = "\x7e"
)

// inspect reads the sections of a module. What is not a module, or a broken one, is an
// error that wraps ErrMalformed; a component is ErrUnavailable.
func inspect(code []byte) (*Module, error) {
	if err := abi.CheckPreamble(code); err != nil {
		return nil, err
	}
	m := &Module{}
	for r := binary.NewReader(code, len(binary.Preamble)); r.More(); {
		s := r.Section()
		if r.Err() != nil {
			return nil, malformed(r.Err())
		}
		if err := m.section(s.ID, code[s.Payload:s.End]); err != nil {
			return nil, malformed(fmt.Errorf("section %d: %w", s.ID, err))
		}
	}
	return m, nil
}

func malformed(err error) error {
	return fmt.Errorf("the module is broken: %w: %w", runners.ErrMalformed, err)
}

// errLonger is a section whose elements end before it does.
var errLonger = errors.New("it is longer than its content")

func (m *Module) section(id byte, payload []byte) error {
	read := map[byte]func(*binary.Reader){
		binary.SectionType:     m.readType,
		binary.SectionImport:   m.readImport,
		binary.SectionFunction: m.readFunction,
		binary.SectionMemory:   m.readMemory,
		binary.SectionExport:   m.readExport,
	}[id]
	if read == nil {
		return nil
	}
	r := binary.NewReader(payload, 0)
	for n := r.Count(); n > 0 && r.Err() == nil; n-- {
		read(r)
		if m.odd && id == binary.SectionType {
			return nil
		}
	}
	if r.More() {
		return errLonger
	}
	return r.Err()
}

func (m *Module) readType(r *binary.Reader) {
	const function = 0x60
	if r.Byte() != function {
		m.odd = r.Err() == nil
		return
	}
	m.types = append(m.types, signature{readValues(r), readValues(r)})
}

// readValues gives a list of types of values, a byte for each.
func readValues(r *binary.Reader) string {
	var list []byte
	for n := r.Count(); n > 0 && r.Err() == nil; n-- {
		list = append(list, readValue(r))
	}
	return string(list)
}

// readValue gives the type of a value. References to a type take more than a
// byte; which type it is matters to no one here.
func readValue(r *binary.Reader) byte {
	const refNull, ref = 0x63, 0x64
	b := r.Byte()
	if b == refNull || b == ref {
		r.SkipNumber()
	}
	return b
}

func (m *Module) readImport(r *binary.Reader) {
	i := importItem{from: string(r.Name()), name: string(r.Name()), kind: r.Byte()}
	switch i.kind {
	case binary.KindFunction:
		m.readFunction(r)
	case binary.KindTable:
		readValue(r)
		readLimits(r)
	case binary.KindMemory:
		m.readMemory(r)
	case binary.KindGlobal:
		readValue(r)
		r.Byte()
	case binary.KindTag:
		r.Byte()
		r.Number()
	default:
		r.Fail(fmt.Errorf("an import is of the unknown kind %d", i.kind))
	}
	m.imports = append(m.imports, i)
}

func (m *Module) readFunction(r *binary.Reader) { m.functions = append(m.functions, r.Number()) }

func (m *Module) readMemory(r *binary.Reader) { m.memories = append(m.memories, readLimits(r)) }

func readLimits(r *binary.Reader) memoryType {
	flags := r.Byte()
	r.Number64() // the minimum
	if flags&binary.LimitMaximum != 0 {
		r.Number64()
	}
	if flags&binary.LimitPageSize != 0 {
		r.Number()
	}
	return memoryType{shared: flags&binary.LimitShared != 0, is64: flags&binary.LimitIs64 != 0}
}

func (m *Module) readExport(r *binary.Reader) {
	m.exports = append(m.exports, exportItem{name: string(r.Name()), kind: r.Byte(), index: r.Number()})
}

// find gives an export.
func (m *Module) find(name string, kind byte) (exportItem, bool) {
	for _, e := range m.exports {
		if e.name == name && e.kind == kind {
			return e, true
		}
	}
	return exportItem{}, false
}

// hasFunction says whether a function of that type is exported. Where types are
// not known, any function will do: the runtime finds out.
func (m *Module) hasFunction(name string, want signature) bool {
	e, ok := m.find(name, binary.KindFunction)
	if !ok || m.odd {
		return ok
	}
	if uint64(e.index) >= uint64(len(m.functions)) {
		return false
	}
	t := m.functions[e.index]
	return uint64(t) < uint64(len(m.types)) && m.types[t] == want
}

// memory says whether a memory is exported by the name that our calls use, and
// whether they can use it.
func (m *Module) memory() (exported, usable bool) {
	e, ok := m.find(abi.Memory, binary.KindMemory)
	return ok, ok && uint64(e.index) < uint64(len(m.memories)) && m.memories[e.index].plain()
}

// Imports implements File.
func (m *Module) Imports() []Import {
	list := make([]Import, len(m.imports))
	for i, x := range m.imports {
		list[i] = Import{oneLine(x.from), oneLine(x.name)}
	}
	return list
}
