package wasmfile

import (
	"errors"

	"edgebench/runners"
	"edgebench/runners/internal/binary"
)

// errUnknown ends the scanning of what this package does not know.
var errUnknown = errors.New("it is unknown")

// Instructions with operands or features, by their first byte.
const (
	opBlock, opLoop, opIf                           = 0x02, 0x03, 0x04
	opTry, opCatch, opThrow, opRethrow, opThrowRef  = 0x06, 0x07, 0x08, 0x09, 0x0a
	opEnd, opBranch, opBranchIf, opBranchTable      = 0x0b, 0x0c, 0x0d, 0x0e
	opCall, opCallIndirect                          = 0x10, 0x11
	opReturnCall, opReturnCallIndirect              = 0x12, 0x13
	opCallRef, opReturnCallRef                      = 0x14, 0x15
	opDelegate, opCatchAll, opSelectTyped, opTryNew = 0x18, 0x19, 0x1c, 0x1f
	opLocalGet, opGlobalSet, opTableGet, opTableSet = 0x20, 0x24, 0x25, 0x26
	opLoadFirst, opStoreLast                        = 0x28, 0x3e
	opMemorySize, opMemoryGrow                      = 0x3f, 0x40
	opI32Const, opI64Const, opF32Const, opF64Const  = 0x41, 0x42, 0x43, 0x44
	opExtendFirst, opExtendLast                     = 0xc0, 0xc4
	opRefNull, opRefIsNull, opRefFunc, opRefEq      = 0xd0, 0xd1, 0xd2, 0xd3
	opRefAsNonNull, opBranchOnNull, opBranchNonNull = 0xd4, 0xd5, 0xd6
	opGC, opMiscellaneous, opVector, opAtomic       = 0xfb, 0xfc, 0xfd, 0xfe
)

// isArithmetic says whether an instruction is one of those that extended constant
// expressions add: addition, subtraction and multiplication of integers.
func isArithmetic(op byte) bool { return op >= 0x6a && op <= 0x6c || op >= 0x7c && op <= 0x7e }

// instruction reads an instruction and gives its first byte.
func (s *scanner) instruction(r *binary.Reader) byte {
	op := r.Byte()
	if r.Err() != nil {
		return op
	}
	switch {
	case op == opBlock, op == opLoop, op == opIf:
		s.blockType(r)
	case op == opBranchTable:
		s.numbers(r, r.Count()+1)
	case op == opBranch, op == opBranchIf, op == opCall, op >= opLocalGet && op <= opGlobalSet, op == opI32Const, op == opI64Const:
		r.SkipNumber()
	case op == opCallIndirect:
		r.SkipNumber()
		s.need(runners.ReferenceTypes, r.Number() > 0)
	case op >= opLoadFirst && op <= opStoreLast:
		s.address(r)
	case op == opMemorySize, op == opMemoryGrow:
		r.SkipNumber()
	case op == opF32Const:
		s.bytes(r, 4)
	case op == opF64Const:
		s.bytes(r, 8)
	case op >= opExtendFirst && op <= opExtendLast:
		s.need(runners.SignExtension, true)
	case op == opGC:
		s.need(runners.GC, true)
		r.Fail(errUnknown) // the operands of thirty instructions, which tell nothing more
	case op == opMiscellaneous:
		s.miscellaneous(r)
	case op == opVector:
		s.vector(r)
	case op == opAtomic:
		s.atomic(r)
	default:
		s.later(r, op)
	}
	return op
}

// later reads instructions of one byte that came after the first version.
func (s *scanner) later(r *binary.Reader, op byte) {
	switch op {
	case opTry, opCatch, opRethrow, opDelegate, opCatchAll:
		s.need(runners.LegacyExceptions, true)
		switch op {
		case opTry:
			s.blockType(r)
		case opCatch, opRethrow, opDelegate:
			r.SkipNumber()
		}
	case opThrow: // in both kinds of exceptions
		r.SkipNumber()
	case opThrowRef:
		s.need(runners.Exceptions, true)
	case opTryNew:
		s.need(runners.Exceptions, true)
		s.blockType(r)
		for n := r.Count(); n > 0 && r.Err() == nil; n-- {
			const catchAll = 2
			if r.Byte() < catchAll {
				r.SkipNumber()
			}
			r.SkipNumber()
		}
	case opReturnCall, opReturnCallIndirect:
		s.need(runners.TailCalls, true)
		s.numbers(r, int(op-opReturnCall)+1)
	case opCallRef, opReturnCallRef:
		s.need(runners.FunctionReferences, true)
		s.need(runners.TailCalls, op == opReturnCallRef)
		r.SkipNumber()
	case opSelectTyped:
		s.need(runners.ReferenceTypes, true)
		s.values(r)
	case opTableGet, opTableSet, opRefNull, opRefFunc:
		s.need(runners.ReferenceTypes, true)
		r.SkipNumber()
	case opRefIsNull:
		s.need(runners.ReferenceTypes, true)
	case opRefEq:
		s.need(runners.GC, true)
	case opRefAsNonNull:
		s.need(runners.FunctionReferences, true)
	case opBranchOnNull, opBranchNonNull:
		s.need(runners.FunctionReferences, true)
		r.SkipNumber()
	}
}

// blockType is empty, a type of a value or the number of a function's type, which may
// have parameters and several results.
func (s *scanner) blockType(r *binary.Reader) {
	b := r.Byte()
	switch {
	case b == typeEmpty:
	case b&0xc0 == 0x40: // a type: one byte that is a negative number
		s.valueOf(r, b)
	default:
		s.need(runners.MultiValue, r.Err() == nil)
		if b&0x80 != 0 {
			r.SkipNumber()
		}
	}
}

// address reads alignment and offset; a bit of the former says that a memory's number
// stands between.
func (s *scanner) address(r *binary.Reader) {
	const withMemory = 1 << 6
	if r.Number()&withMemory != 0 {
		s.need(runners.MultiMemory, r.Err() == nil)
		r.SkipNumber()
	}
	r.SkipNumber()
}

// miscellaneous are saturating conversions, and operations on ranges of memories and
// tables.
func (s *scanner) miscellaneous(r *binary.Reader) {
	const lastConversion, memoryInit, dataDrop, memoryCopy, memoryFill = 7, 8, 9, 10, 11
	const tableInit, elementDrop, tableCopy, tableFill = 12, 13, 14, 17
	switch op := r.Number(); {
	case r.Err() != nil:
	case op <= lastConversion:
		s.need(runners.SaturatingConversion, true)
	case op == memoryInit, op == memoryCopy, op == tableInit, op == tableCopy:
		s.need(runners.BulkMemory, true)
		s.numbers(r, 2)
	case op == dataDrop, op == memoryFill, op == elementDrop:
		s.need(runners.BulkMemory, true)
		s.numbers(r, 1)
	case op > tableCopy && op <= tableFill:
		s.need(runners.ReferenceTypes, true)
		s.numbers(r, 1)
	default:
		r.Fail(errUnknown)
	}
}

// vector reads an instruction on vectors of 128 bits.
func (s *scanner) vector(r *binary.Reader) {
	const lastMemory, constant, shuffle, firstLane, lastLane = 11, 12, 13, 21, 34
	const firstMemoryLane, lastMemoryLane, firstZero, lastZero, firstRelaxed = 84, 91, 92, 93, 0x100
	op := r.Number()
	s.need(runners.SIMD, r.Err() == nil)
	switch {
	case op <= lastMemory, op >= firstZero && op <= lastZero:
		s.address(r)
	case op == constant, op == shuffle:
		s.bytes(r, 16)
	case op >= firstLane && op <= lastLane:
		r.Byte()
	case op >= firstMemoryLane && op <= lastMemoryLane:
		s.address(r)
		r.Byte()
	case op >= firstRelaxed:
		s.need(runners.RelaxedSIMD, true)
	}
}

func (s *scanner) atomic(r *binary.Reader) {
	const fence = 3
	s.need(runners.Threads, true)
	if r.Number() == fence {
		r.Byte()
		return
	}
	s.address(r)
}

func (s *scanner) numbers(r *binary.Reader, n int) {
	for ; n > 0 && r.Err() == nil; n-- {
		r.SkipNumber()
	}
}

func (s *scanner) bytes(r *binary.Reader, n int) {
	for ; n > 0 && r.Err() == nil; n-- {
		r.Byte()
	}
}
