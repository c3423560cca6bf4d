package wasmfile

import (
	"errors"
	"fmt"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/binary"
)

// Module is what a module says of itself.
type Module struct {
	Imports  []Import
	Exports  []Export
	Memories []Memory // imported ones first
	// Starts says that something runs when it is instantiated.
	Starts bool
	// tags counts those that are its own; imported ones are among the imports.
	tags int
	// several says that a function's type has several results.
	several bool
	// odd says that it has types other than those of plain functions: then no
	// function's type is known.
	odd       bool
	types     []signature
	functions []uint32 // the type of each, imported ones first
}

// Import is something that a module wants from outside.
type Import struct {
	From, Name string
	Kind       byte // binary.KindFunction, …
}

// Export is something that a module shows.
type Export struct {
	Name  string
	Kind  byte
	Index uint32 // among all of its kind, imported ones first
}

// Memory is the type of a linear memory.
type Memory struct {
	Shared, Is64 bool
	// Min and Max are in pages of 64 KiB. Without a maximum Max is 0.
	Min, Max uint64
}

// plain memories are those that calls with addresses of 32 bits can use.
func (l Memory) plain() bool { return !l.Shared && !l.Is64 }

// signature is a function's type: the types of its parameters and results, a
// byte for each.
type signature struct{ params, results string }

// Types of values.
const (
	i32 = "\x7f"
	i64 = "\x7e"
)

// Read inspects a module's file.
func Read(path string) (*Module, error) {
	code, err := abi.ReadModule(path)
	if err != nil {
		return nil, err
	}
	return Inspect(code)
}

// Inspect reads a module's sections. What is not a module, or is a broken one,
// is an error that wraps ErrMalformed; a component is ErrUnavailable.
func Inspect(code []byte) (*Module, error) {
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
		binary.SectionTag:      m.readTag,
	}[id]
	if id == binary.SectionStart {
		m.Starts = true
	}
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
	t := signature{readValues(r), readValues(r)}
	m.several = m.several || len(t.results) > 1
	m.types = append(m.types, t)
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
	i := Import{From: string(r.Name()), Name: string(r.Name()), Kind: r.Byte()}
	switch i.Kind {
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
		r.Fail(fmt.Errorf("an import is of the unknown kind %d", i.Kind))
	}
	m.Imports = append(m.Imports, i)
}

func (m *Module) readFunction(r *binary.Reader) { m.functions = append(m.functions, r.Number()) }

func (m *Module) readMemory(r *binary.Reader) { m.Memories = append(m.Memories, readLimits(r)) }

func readLimits(r *binary.Reader) Memory {
	flags := r.Byte()
	l := Memory{Shared: flags&binary.LimitShared != 0, Is64: flags&binary.LimitIs64 != 0}
	l.Min = r.Number64()
	if flags&binary.LimitMaximum != 0 {
		l.Max = r.Number64()
	}
	if flags&binary.LimitPageSize != 0 {
		r.Number()
	}
	return l
}

func (m *Module) readExport(r *binary.Reader) {
	m.Exports = append(m.Exports, Export{Name: string(r.Name()), Kind: r.Byte(), Index: r.Number()})
}

func (m *Module) readTag(r *binary.Reader) {
	r.Byte()
	r.Number()
	m.tags++
}

// find gives an export.
func (m *Module) find(name string, kind byte) (Export, bool) {
	for _, e := range m.Exports {
		if e.Name == name && e.Kind == kind {
			return e, true
		}
	}
	return Export{}, false
}

// hasFunction says whether a function of that type is exported. Where types are
// not known, any function will do: the runtime finds out.
func (m *Module) hasFunction(name string, want signature) bool {
	e, ok := m.find(name, binary.KindFunction)
	if !ok || m.odd {
		return ok
	}
	if uint64(e.Index) >= uint64(len(m.functions)) {
		return false
	}
	t := m.functions[e.Index]
	return uint64(t) < uint64(len(m.types)) && m.types[t] == want
}

// hasMemory says whether the memory that our calls use is exported.
func (m *Module) hasMemory() bool {
	e, ok := m.find(abi.Memory, binary.KindMemory)
	return ok && uint64(e.Index) < uint64(len(m.Memories)) && m.Memories[e.Index].plain()
}
