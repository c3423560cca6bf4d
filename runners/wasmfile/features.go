package wasmfile

import (
	"bytes"
	"slices"

	"edgebench/runners"
	"edgebench/runners/internal/binary"
)

// Features lists what a module needs beyond the first version of WebAssembly, in the
// order of runners.Features. It reads types, limits, initial values and all
// instructions, and stops where it does not understand them: what it lists is needed,
// and there may be more.
//
// Source: the binary format of the WebAssembly specification, 3.0, and the proposals on
// threads and on legacy exceptions.
func Features(code []byte) []runners.Feature {
	s := scanner{needs: map[runners.Feature]bool{}}
	if bytes.HasPrefix(code, []byte(binary.ComponentPreamble)) {
		return []runners.Feature{runners.Components}
	}
	if !bytes.HasPrefix(code, []byte(binary.Preamble)) {
		return nil
	}
	for r := binary.NewReader(code, len(binary.Preamble)); r.More(); {
		section := r.Section()
		if r.Err() != nil {
			break
		}
		s.section(section.ID, binary.NewReader(code[section.Payload:section.End], 0))
	}
	return slices.DeleteFunc(runners.Features(), func(f runners.Feature) bool { return !s.needs[f] })
}

// Missing lists what a module needs and is not among what a runtime supports.
func Missing(code []byte, supported []runners.Feature) []runners.Feature {
	return slices.DeleteFunc(Features(code), func(f runners.Feature) bool { return slices.Contains(supported, f) })
}

// scanner notes the features that the parts of a module need.
type scanner struct {
	needs    map[runners.Feature]bool
	memories int
	tables   int
}

func (s *scanner) need(f runners.Feature, when bool) {
	if when {
		s.needs[f] = true
	}
}

// Sections that this package reads for their features alone.
const (
	sectionTable   = 4
	sectionGlobal  = 6
	sectionElement = 9
	sectionCode    = 10
	sectionData    = 11
)

func (s *scanner) section(id byte, r *binary.Reader) {
	each := map[byte]func(*binary.Reader){
		binary.SectionType:   s.recursiveType,
		binary.SectionImport: s.imported,
		sectionTable:         s.table,
		binary.SectionMemory: s.memory,
		sectionGlobal:        s.global,
		sectionElement:       s.element,
		sectionCode:          s.body,
		sectionData:          s.data,
	}[id]
	s.need(runners.BulkMemory, id == binary.SectionDataCount)
	if each == nil {
		return
	}
	for n := r.Count(); n > 0 && r.Err() == nil; n-- {
		each(r)
	}
}

// Forms of types.
const (
	formFunction, formStructure, formArray = 0x60, 0x5f, 0x5e
	formSub, formFinalSub, formRecursive   = 0x50, 0x4f, 0x4e
)

func (s *scanner) recursiveType(r *binary.Reader) {
	form := r.Byte()
	if form != formRecursive {
		s.subType(r, form)
		return
	}
	s.need(runners.GC, r.Err() == nil)
	for n := r.Count(); n > 0 && r.Err() == nil; n-- {
		s.subType(r, r.Byte())
	}
}

func (s *scanner) subType(r *binary.Reader, form byte) {
	if form == formSub || form == formFinalSub {
		s.need(runners.GC, r.Err() == nil)
		for n := r.Count(); n > 0 && r.Err() == nil; n-- {
			r.SkipNumber()
		}
		form = r.Byte()
	}
	switch form {
	case formFunction:
		s.values(r)
		s.need(runners.MultiValue, s.values(r) > 1)
	case formStructure, formArray:
		s.need(runners.GC, r.Err() == nil)
		n := 1
		if form == formStructure {
			n = r.Count()
		}
		for ; n > 0 && r.Err() == nil; n-- {
			s.value(r)
			r.Byte() // whether it can be changed
		}
	default:
		r.Fail(errUnknown)
	}
}

// values reads a list of types of values, and gives their number.
func (s *scanner) values(r *binary.Reader) int {
	all := r.Count()
	for n := all; n > 0 && r.Err() == nil; n-- {
		s.value(r)
	}
	return all
}

// Types of values beyond the numbers.
const (
	typeVector           = 0x7b
	typeFuncref          = 0x70
	typeExternref        = 0x6f
	typeRefNull, typeRef = 0x63, 0x64
	typeException        = 0x69
	typeNoException      = 0x74
	typeEmpty            = 0x40 // of a block
)

func (s *scanner) value(r *binary.Reader) { s.valueOf(r, r.Byte()) }

func (s *scanner) valueOf(r *binary.Reader, b byte) {
	switch {
	case b == typeVector:
		s.need(runners.SIMD, true)
	case b == typeRefNull, b == typeRef:
		s.need(runners.FunctionReferences, true)
		r.SkipNumber()
	case b == typeExternref:
		s.need(runners.ReferenceTypes, true)
	case b == typeFuncref: // tables had it from the first
	case b == typeException, b == typeNoException:
		s.need(runners.Exceptions, true)
	case b > typeException && b < typeNoException:
		s.need(runners.GC, true)
	}
}

func (s *scanner) imported(r *binary.Reader) {
	r.Name()
	r.Name()
	switch r.Byte() {
	case binary.KindFunction:
		r.SkipNumber()
	case binary.KindTable:
		s.tableType(r)
	case binary.KindMemory:
		s.memory(r)
	case binary.KindGlobal:
		s.value(r)
		r.Byte()
	case binary.KindTag:
		r.Byte()
		r.SkipNumber()
		s.need(runners.Exceptions, r.Err() == nil)
	default:
		r.Fail(errUnknown)
	}
}

func (s *scanner) table(r *binary.Reader) {
	const withValue = 0x40
	b := r.Byte()
	if b == withValue {
		s.need(runners.FunctionReferences, r.Err() == nil)
		r.Byte()
		s.tableType(r)
		s.expression(r)
		return
	}
	s.tableTypeOf(r, b)
}

func (s *scanner) tableType(r *binary.Reader) { s.tableTypeOf(r, r.Byte()) }

func (s *scanner) tableTypeOf(r *binary.Reader, of byte) {
	s.valueOf(r, of)
	s.limits(r)
	s.tables++
	s.need(runners.ReferenceTypes, s.tables > 1)
}

func (s *scanner) memory(r *binary.Reader) {
	s.limits(r)
	s.memories++
	s.need(runners.MultiMemory, s.memories > 1 && r.Err() == nil)
}

func (s *scanner) limits(r *binary.Reader) {
	flags := r.Byte()
	s.need(runners.Threads, flags&binary.LimitShared != 0)
	s.need(runners.Memory64, flags&binary.LimitIs64 != 0)
	r.SkipNumber()
	if flags&binary.LimitMaximum != 0 {
		r.SkipNumber()
	}
}

func (s *scanner) global(r *binary.Reader) {
	s.value(r)
	r.Byte()
	s.expression(r)
}

// element reads a segment of functions. The bits of its flags: 1 is passive or declared,
// 2 has a table or is declared, 4 holds expressions.
func (s *scanner) element(r *binary.Reader) {
	const passive, explicit, expressions = 1, 2, 4
	flags := r.Number()
	s.need(runners.BulkMemory, flags&passive != 0 && flags&explicit == 0)
	s.need(runners.ReferenceTypes, flags&explicit != 0 || flags&expressions != 0)
	if flags&passive == 0 {
		if flags&explicit != 0 {
			r.SkipNumber()
		}
		s.expression(r)
	}
	if flags&(passive|explicit) != 0 {
		if flags&expressions != 0 {
			s.value(r)
		} else {
			r.Byte()
		}
	}
	for n := r.Count(); n > 0 && r.Err() == nil; n-- {
		if flags&expressions != 0 {
			s.expression(r)
		} else {
			r.SkipNumber()
		}
	}
}

func (s *scanner) data(r *binary.Reader) {
	const passive, explicit = 1, 2
	flags := r.Number()
	s.need(runners.BulkMemory, flags == passive)
	if flags == explicit {
		r.SkipNumber()
	}
	if flags != passive {
		s.expression(r)
	}
	r.Name() // as long as it says, like a name
}

// body reads the code of a function.
func (s *scanner) body(r *binary.Reader) {
	code := binary.NewReader(r.Name(), 0)
	for n := code.Count(); n > 0 && code.Err() == nil; n-- {
		code.Number()
		s.value(code)
	}
	for code.More() {
		s.instruction(code)
	}
}

// expression reads instructions up to the end that belongs to them.
func (s *scanner) expression(r *binary.Reader) {
	for r.More() {
		op := s.instruction(r)
		s.need(runners.ExtendedConst, isArithmetic(op))
		if op == opEnd {
			return
		}
	}
}
