package wasmfile

import (
	"errors"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/internal/binary"
)

// section composes a section of less than 128 bytes.
func section(id byte, payload string) string {
	return string([]byte{id, byte(len(payload))}) + payload
}

// list composes elements.
func list(elements ...string) string {
	return string([]byte{byte(len(elements))}) + strings.Join(elements, "")
}

// name composes a name of less than 128 bytes.
func name(s string) string { return string([]byte{byte(len(s))}) + s }

// Types 0 to 3: of alloc, of handle, of _start, of a function of env.
const types = "\x04" + "\x60\x01\x7f\x01\x7f" + "\x60\x02\x7f\x7f\x01\x7e" + "\x60\x00\x00" + "\x60\x00\x01\x7f"

// fields are the parts of a module under test.
type fields struct {
	types, imports, functions, memories, tags, exports string
}

func (f fields) String() string {
	if f.types == "" {
		f.types = types
	}
	s := binary.Preamble + section(0, name("x")) + section(binary.SectionType, f.types)
	for _, part := range []struct {
		id      byte
		payload string
	}{
		{binary.SectionImport, f.imports}, {binary.SectionFunction, f.functions}, {binary.SectionMemory, f.memories},
		{sectionTag, f.tags}, {binary.SectionExport, f.exports},
	} {
		if part.payload != "" {
			s += section(part.id, part.payload)
		}
	}
	return s
}

// sectionTag is the number of a section that nothing is read of.
const sectionTag = 13

const plainMemory = "\x01\x00\x01"

func export(s string, kind, index byte) string { return name(s) + string([]byte{kind, index}) }

func function(from, s string) string { return name(from) + name(s) + "\x00\x03" }

// Modules of each interface.
var (
	frames = fields{functions: "\x02\x00\x01", memories: plainMemory,
		exports: list(export("memory", 2, 0), export("alloc", 0, 0), export("handle", 0, 1))}
	command = fields{functions: "\x01\x02", memories: plainMemory,
		exports: list(export("memory", 2, 0), export("_start", 0, 0))}
)

func TestInterface(t *testing.T) {
	shifted := frames // an import moves all functions on by one
	shifted.imports = list(function("wasi_snapshot_preview1", "fd_read"))
	shifted.exports = list(export("memory", 2, 0), export("alloc", 0, 1), export("handle", 0, 2))
	both := fields{functions: "\x03\x00\x01\x02", memories: plainMemory,
		exports: list(export("memory", 2, 0), export("alloc", 0, 0), export("handle", 0, 1), export("_start", 0, 2))}
	for what, c := range map[string]struct {
		module fields
		iface  runners.Interface
	}{"frames": {frames, runners.Frames}, "behind imports": {shifted, runners.Frames}, "a command": {command, runners.Stdio}, "both": {both, runners.Frames}} {
		m, err := inspect([]byte(c.module.String()))
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if got, err := m.Interface(); got != c.iface || err != nil {
			t.Errorf("%s has the interface %q, %v; want %q", what, got, err, c.iface)
		}
	}
}

func TestInterfaceMissing(t *testing.T) {
	for what, c := range map[string]struct {
		module fields
		says   string
	}{
		"nothing":          {fields{}, "missing: memory, alloc, handle)"},
		"of other types":   {fields{functions: "\x02\x01\x00", memories: plainMemory, exports: frames.exports}, "missing: alloc, handle)"},
		"odd _initialize":  {fields{functions: "\x02\x00\x01", memories: plainMemory, exports: list(export("memory", 2, 0), export("alloc", 0, 0), export("handle", 0, 1), export("_initialize", 0, 0))}, "missing: _initialize)"},
		"index that lies":  {fields{functions: "\x01\x00", memories: plainMemory, exports: frames.exports}, "missing: handle)"},
		"a memory of i64":  {fields{functions: frames.functions, memories: "\x01\x04\x01", exports: frames.exports}, "missing: memory (with addresses of 32 bits, not shared))"},
		"a global instead": {fields{functions: frames.functions, memories: plainMemory, exports: list(export("memory", 3, 0), export("alloc", 0, 0), export("handle", 0, 1))}, "missing: memory)"},
	} {
		m, err := inspect([]byte(c.module.String()))
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		_, err = m.Interface()
		if !errors.Is(err, runners.ErrMalformed) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want ErrMalformed that says %q", what, err, c.says)
		}
	}
}

func TestInspectRefuses(t *testing.T) {
	whole := frames.String()
	for what, c := range map[string]struct {
		module string
		kind   error
		says   string
	}{
		"nothing":            {"", runners.ErrMalformed, "begin"},
		"a component":        {binary.ComponentPreamble, runners.ErrUnavailable, "component"},
		"cut":                {whole[:len(whole)-1], runners.ErrMalformed, "ends"},
		"an endless number":  {binary.Preamble + "\x01\xff\xff\xff\xff\xff\xff", runners.ErrMalformed, "larger"},
		"a count that lies":  {binary.Preamble + section(2, "\xff\xff\xff\xff\x0f"), runners.ErrMalformed, "ends"},
		"an unknown import":  {binary.Preamble + section(2, list(name("a")+name("b")+"\x09")), runners.ErrMalformed, "unknown kind 9"},
		"more than it holds": {binary.Preamble + section(5, plainMemory+"\x00"), runners.ErrMalformed, "longer"},
	} {
		_, err := inspect([]byte(c.module))
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %v that says %q", what, err, c.kind, c.says)
		}
	}
}
