package wasmfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"edgebench/runners"
	"edgebench/runners/abi"
	format "edgebench/runners/internal/binary"
)

// Enclose turns a generated module into one with the interface of package abi, so that
// every runner can call its exports. The module has types of plain functions alone,
// imports nothing but functions without results, and exports a memory and the functions
// hashMemory and hangLimitInitializer, as the generator of binaryen makes them.
//
// Imported functions become functions of the module that note their arguments. A request
// is the number of an exported function in one byte. The response has 32 bytes: the
// function's result, the hash of memory, the hash of all globals and what was noted, 8
// bytes each. Functions are called with fixed arguments, after hangLimitInitializer. The
// request StateRequest calls none of them, for the state alone.
//
// names are those of the functions, by their numbers. An error wraps ErrMalformed.
func Enclose(code []byte) (enclosed []byte, names []string, err error) {
	e := &encloser{}
	if err := e.read(code); err != nil {
		return nil, nil, fmt.Errorf("enclose the module: %w: %w", runners.ErrMalformed, err)
	}
	return e.write(), e.names, nil
}

// ErrNoFunction is an ErrMalformed of Enclose: the module exports no function to call.
var ErrNoFunction = errors.New("it exports no function")

// Exports of a generated module that handle calls by itself.
const (
	exportHash = "hashMemory"
	exportInit = "hangLimitInitializer"
)

// maxExports is as many as a byte can number, but for StateRequest.
const maxExports = 255

// StateRequest is the number of no function of an enclosed module.
const StateRequest byte = maxExports

// encloser holds what is read of a module.
type encloser struct {
	types     []signature
	imported  []uint32 // the type of each imported function
	functions []uint32 // of each defined function
	globals   []byte   // the type of each global
	names     []string // of exported functions
	indices   []uint32
	hash      uint32
	limiter   uint32
	sections  []rawSection
}

type rawSection struct {
	id      byte
	payload []byte
}

func (e *encloser) read(code []byte) error {
	if err := abi.CheckPreamble(code); err != nil {
		return err
	}
	for r := format.NewReader(code, len(format.Preamble)); r.More(); {
		s := r.Section()
		if r.Err() != nil {
			return r.Err()
		}
		payload := code[s.Payload:s.End]
		if s.ID != 0 {
			e.sections = append(e.sections, rawSection{s.ID, payload})
		}
		if err := e.section(s.ID, format.NewReader(payload, 0)); err != nil {
			return fmt.Errorf("section %d: %w", s.ID, err)
		}
	}
	return e.complete()
}

func (e *encloser) complete() error {
	switch {
	case e.hash == 0 || e.limiter == 0:
		return fmt.Errorf("it does not export %s and %s", exportHash, exportInit)
	case len(e.names) == 0:
		return ErrNoFunction
	case len(e.names) > maxExports:
		return fmt.Errorf("it exports %d functions, at most %d are called", len(e.names), maxExports)
	}
	for _, i := range append(e.indices, e.hash, e.limiter) {
		if _, ok := e.typeOf(i); !ok {
			return fmt.Errorf("the exported function %d has no type", i)
		}
	}
	return nil
}

// typeOf gives the type of a function.
func (e *encloser) typeOf(function uint32) (signature, bool) {
	all := append(append([]uint32{}, e.imported...), e.functions...)
	if uint64(function) >= uint64(len(all)) || uint64(all[function]) >= uint64(len(e.types)) {
		return signature{}, false
	}
	s := e.types[all[function]]
	return s, len(s.results) <= 1
}

func (e *encloser) section(id byte, r *format.Reader) error {
	each := map[byte]func(*format.Reader){
		format.SectionType:     e.readType,
		format.SectionImport:   e.readImport,
		format.SectionFunction: func(r *format.Reader) { e.functions = append(e.functions, r.Number()) },
		sectionGlobal:          e.readGlobal,
		format.SectionExport:   e.readExport,
	}[id]
	if each == nil {
		return nil
	}
	for n := r.Count(); n > 0 && r.Err() == nil; n-- {
		each(r)
	}
	return r.Err()
}

var errNotPlain = errors.New("it has more than plain functions and numbers")

func (e *encloser) readType(r *format.Reader) {
	if r.Byte() != formFunction {
		r.Fail(errNotPlain)
		return
	}
	e.types = append(e.types, signature{readNumbers(r), readNumbers(r)})
}

// readNumbers gives a list of types of numbers.
func readNumbers(r *format.Reader) string {
	list := readValues(r)
	for _, b := range []byte(list) {
		if b < typeF64 || b > typeI32 {
			r.Fail(errNotPlain)
		}
	}
	return list
}

func (e *encloser) readImport(r *format.Reader) {
	r.Name()
	r.Name()
	if r.Byte() != format.KindFunction {
		r.Fail(errNotPlain)
		return
	}
	t := r.Number()
	if uint64(t) >= uint64(len(e.types)) || e.types[t].results != "" {
		r.Fail(errNotPlain)
		return
	}
	e.imported = append(e.imported, t)
}

func (e *encloser) readGlobal(r *format.Reader) {
	t := r.Byte()
	r.Byte() // whether it can be changed
	s := scanner{needs: map[runners.Feature]bool{}}
	s.expression(r)
	if t < typeF64 || t > typeI32 {
		r.Fail(errNotPlain)
		return
	}
	e.globals = append(e.globals, t)
}

func (e *encloser) readExport(r *format.Reader) {
	name, kind, index := string(r.Name()), r.Byte(), r.Number()
	switch {
	case r.Err() != nil || kind != format.KindFunction:
	case name == exportHash:
		e.hash = index
	case name == exportInit:
		e.limiter = index
	default:
		e.names, e.indices = append(e.names, name), append(e.indices, index)
	}
}

// Types of numbers.
const (
	typeI32, typeI64, typeF32, typeF64 = 0x7f, 0x7e, 0x7d, 0x7c
)

// write gives the module with its sections changed. Functions that were imported stand
// first, so that no number of a function changes.
func (e *encloser) write() []byte {
	out := []byte(format.Preamble)
	for _, s := range e.sections {
		switch s.id {
		case format.SectionType:
			s.payload = extend(s.payload, nil, 0, []byte("\x60\x01\x7f\x01\x7f\x60\x02\x7f\x7f\x01\x7e"), 2)
		case format.SectionImport:
			continue
		case format.SectionFunction:
			n := uint32(len(e.types))
			after := format.AppendNumber(format.AppendNumber(nil, n), n+1)
			s.payload = extend(s.payload, numbers(e.imported), len(e.imported), after, 2)
		case sectionGlobal:
			s.payload = extend(s.payload, nil, 0, e.noted(), 1)
		case format.SectionExport:
			s.payload = e.exports()
		case sectionCode:
			var before []byte
			for _, t := range e.imported {
				before = append(before, codeOf(nil, e.note(e.types[t]))...)
			}
			after := append(codeOf(nil, []byte{opI32Const, 0}), codeOf(handleLocals, e.handle())...)
			s.payload = extend(s.payload, before, len(e.imported), after, 2)
		}
		out = append(out, s.id)
		out = format.AppendNumber(out, uint32(len(s.payload)))
		out = append(out, s.payload...)
		if s.id == format.SectionMemory && len(e.globals) == 0 {
			payload := append([]byte{1}, e.noted()...)
			out = append(append(out, sectionGlobal, byte(len(payload))), payload...)
		}
	}
	return out
}

// noted is the global in which arguments of imported functions are noted.
func (e *encloser) noted() []byte { return []byte{typeI64, 1, opI64Const, 0, opEnd} }

// extend puts elements before and after those of a vector.
func extend(vector, before []byte, nBefore int, after []byte, nAfter int) []byte {
	n, size := binary.Uvarint(vector)
	out := format.AppendNumber(nil, uint32(n)+uint32(nBefore+nAfter))
	out = append(out, before...)
	out = append(out, vector[size:]...)
	return append(out, after...)
}

func numbers(list []uint32) (out []byte) {
	for _, v := range list {
		out = format.AppendNumber(out, v)
	}
	return out
}

// codeOf gives the code of a function with locals and a body without its end.
func codeOf(locals, body []byte) []byte {
	if locals == nil {
		locals = []byte{0}
	}
	code := append(append(append([]byte{}, locals...), body...), opEnd)
	return append(format.AppendNumber(nil, uint32(len(code))), code...)
}

// exports are the memory and the two functions that are added.
func (e *encloser) exports() []byte {
	n := uint32(len(e.imported) + len(e.functions))
	out := []byte{3}
	for _, x := range []struct {
		name  string
		kind  byte
		index uint32
	}{{abi.Memory, format.KindMemory, 0}, {abi.Alloc, format.KindFunction, n}, {abi.Handle, format.KindFunction, n + 1}} {
		out = append(format.AppendNumber(out, uint32(len(x.name))), x.name...)
		out = format.AppendNumber(append(out, x.kind), x.index)
	}
	return out
}

// Instructions that the added functions use.
const (
	opDrop        = 0x1a
	opNoResult    = typeEmpty
	opLocalSet    = 0x21
	opGlobalGet   = 0x23
	opLoadByte    = 0x2d
	opStore64     = 0x37
	opEqual       = 0x46
	opAdd64       = 0x7c
	opMultiply64  = 0x7e
	opExtend      = 0xad // of 32 bits without sign
	opBitsOfFloat = 0xbc
	opBitsOf64    = 0xbd
)

// prime multiplies a hash before a value is added: that of FNV-1a.
const prime = 0x100000001b3

// asI64 turns the value on the stack into 64 bits.
func asI64(of byte) []byte {
	switch of {
	case typeI32:
		return []byte{opExtend}
	case typeF32:
		return []byte{opBitsOfFloat, opExtend}
	case typeF64:
		return []byte{opBitsOf64}
	}
	return nil
}

// mix makes code that multiplies the value of one instruction with the prime and adds
// that of another.
func mix(hash, value []byte) []byte {
	out := append(append([]byte{}, hash...), opI64Const)
	out = appendSigned(out, prime)
	out = append(append(out, opMultiply64), value...)
	return append(out, opAdd64)
}

// appendSigned appends a signed number in LEB128.
func appendSigned(out []byte, v int64) []byte {
	for {
		b := byte(v & 0x7f)
		v >>= 7
		if v == 0 && b&0x40 == 0 || v == -1 && b&0x40 != 0 {
			return append(out, b)
		}
		out = append(out, b|0x80)
	}
}

// note adds the arguments of an imported function to what is noted.
func (e *encloser) note(t signature) (body []byte) {
	global := format.AppendNumber(nil, uint32(len(e.globals)))
	for i, p := range []byte(t.params) {
		value := append(format.AppendNumber([]byte{opLocalGet}, uint32(i)), asI64(p)...)
		body = append(body, mix(append([]byte{opGlobalGet}, global...), value)...)
		body = append(append(body, opGlobalSet), global...)
	}
	return body
}

// Locals of handle: after its two parameters the result, the hash of memory and that of
// the globals.
const (
	localResult, localMemory, localGlobals = 2, 3, 4
)

var handleLocals = []byte{1, 3, typeI64}

// handle calls the function that the request names and puts the response at address 0.
func (e *encloser) handle() (body []byte) {
	body = format.AppendNumber([]byte{opCall}, e.limiter)
	if t, _ := e.typeOf(e.limiter); t.results != "" {
		body = append(body, opDrop)
	}
	for i, f := range e.indices {
		body = append(body, opLocalGet, 0, opLoadByte, 0, 0, opI32Const)
		body = append(appendSigned(body, int64(i)), opEqual, opIf, opNoResult)
		t, _ := e.typeOf(f)
		for _, p := range []byte(t.params) {
			body = append(body, argument(p)...)
		}
		body = format.AppendNumber(append(body, opCall), f)
		if t.results != "" {
			body = append(append(body, asI64(t.results[0])...), opLocalSet, localResult)
		}
		body = append(body, opEnd)
	}
	body = format.AppendNumber(append(body, opCall), e.hash)
	body = append(append(body, opExtend), opLocalSet, localMemory)
	for i, g := range e.globals {
		value := append(format.AppendNumber([]byte{opGlobalGet}, uint32(i)), asI64(g)...)
		body = append(append(body, mix([]byte{opLocalGet, localGlobals}, value)...), opLocalSet, localGlobals)
	}
	for i, local := range []byte{localResult, localMemory, localGlobals} {
		body = append(body, opI32Const, 0, opLocalGet, local, opStore64, 0, byte(8*i))
	}
	body = format.AppendNumber(append(body, opI32Const, 0, opGlobalGet), uint32(len(e.globals)))
	body = append(body, opStore64, 0, 24)
	return append(body, opI64Const, 32)
}

// argument is the fixed argument of a type.
func argument(of byte) []byte {
	switch of {
	case typeI32:
		return appendSigned([]byte{opI32Const}, -7)
	case typeI64:
		return appendSigned([]byte{opI64Const}, 1<<40+3)
	case typeF32:
		return binary.LittleEndian.AppendUint32([]byte{opF32Const}, math.Float32bits(-2.5))
	}
	return binary.LittleEndian.AppendUint64([]byte{opF64Const}, math.Float64bits(1e10+0.125))
}
