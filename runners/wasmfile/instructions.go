package wasmfile

import (
	"slices"

	"edgebench/runners/internal/binary"
)

// Uses names the features whose instructions occur in a module's functions. It
// walks over all of them, which for a module of megabytes takes tens of
// milliseconds. A module in which it loses its way is an error.
func Uses(code []byte) ([]Feature, error) {
	w := walker{seen: map[Feature]bool{}}
	r := binary.NewReader(code, len(binary.Preamble))
	for r.More() {
		s := r.Section()
		if r.Err() == nil && s.ID == binary.SectionCode {
			if err := w.bodies(code[s.Payload:s.End]); err != nil {
				return nil, err
			}
		}
	}
	if r.Err() != nil {
		return nil, r.Err()
	}
	var used []Feature
	for f := range w.seen {
		used = append(used, f)
	}
	slices.Sort(used)
	return used, nil
}

// walker passes over instructions and notes what they belong to.
type walker struct {
	r    *binary.Reader
	seen map[Feature]bool
	lost bool // at an instruction whose length is unknown, in an extension that is noted
}

func (w *walker) bodies(payload []byte) error {
	r := binary.NewReader(payload, 0)
	for n := r.Count(); n > 0 && r.Err() == nil; n-- {
		body := r.Name() // a length and as many bytes, like a name
		w.r, w.lost = binary.NewReader(body, 0), false
		w.locals()
		for w.r.More() && !w.lost {
			w.instruction(w.r.Byte())
		}
		if w.r.Err() != nil {
			return w.r.Err()
		}
	}
	return r.Err()
}

func (w *walker) locals() {
	const v128 = 0x7b
	for n := w.r.Count(); n > 0 && w.r.Err() == nil; n-- {
		w.r.Number()
		if readValue(w.r) == v128 {
			w.seen[SIMD] = true
		}
	}
}

// instruction passes over what follows an opcode.
func (w *walker) instruction(op byte) {
	r := w.r
	switch {
	case op == 0x02, op == 0x03, op == 0x04: // block, loop, if
		w.blockType()
	case op == 0x0e: // br_table
		w.numbers(r.Count() + 1)
	case op == 0x11, op == 0x13: // call_indirect, return_call_indirect
		w.numbers(2)
		w.note(op == 0x13, TailCalls)
	case op == 0x12: // return_call
		w.numbers(1)
		w.seen[TailCalls] = true
	case op == 0x1c: // select with types
		readValues(r)
	case op >= 0x28 && op <= 0x3e: // loads and stores
		w.address()
	case op == 0x43: // f32.const
		r.Bytes(4)
	case op == 0x44: // f64.const
		r.Bytes(8)
	case takesOne(op):
		w.numbers(1)
	case isPlain(op):
	default:
		w.extension(op)
	}
}

// takesOne: br, br_if, call, those of locals, globals and tables, memory.size
// and memory.grow, i32.const and i64.const, ref.null and ref.func.
func takesOne(op byte) bool {
	return op == 0x0c || op == 0x0d || op == 0x10 || op >= 0x20 && op <= 0x26 ||
		op >= 0x3f && op <= 0x42 || op == 0xd0 || op == 0xd2
}

// isPlain: unreachable, nop, else, end, return, drop, select, all of numbers
// from i32.eqz on, and ref.is_null.
func isPlain(op byte) bool {
	return op <= 0x01 || op == 0x05 || op == 0x0b || op == 0x0f || op == 0x1a || op == 0x1b ||
		op >= 0x45 && op <= 0xc4 || op == 0xd1
}

// extension passes over instructions that not every runtime has.
func (w *walker) extension(op byte) {
	switch {
	case op == 0xfc:
		w.prefixFC()
	case op == 0xfd:
		w.prefixFD()
	case op == 0xfe:
		w.prefixFE()
	case op >= 0x06 && op <= 0x0a, op == 0x18, op == 0x19, op == 0x1f: // try, catch, throw, …
		w.lose(Exceptions)
	case op == 0x14, op == 0x15, op >= 0xd3 && op <= 0xd6: // call_ref, …
		w.lose(References)
	case op == 0xfb:
		w.lose(Types)
	default:
		w.r.Fail(errUnknown)
	}
}

// lose gives up this function: what it needs is known, how long its
// instructions are is not.
func (w *walker) lose(f Feature) {
	w.seen[f] = true
	w.lost = true
}

func (w *walker) note(is bool, f Feature) {
	if is {
		w.seen[f] = true
	}
}

func (w *walker) numbers(n int) {
	for ; n > 0 && w.r.Err() == nil; n-- {
		w.r.SkipNumber()
	}
}

// blockType is one number, which is a type's index or, as a negative one, the
// type of a value; references take one more.
func (w *walker) blockType() {
	const refNull, ref, continues = 0x63, 0x64, 0x80
	if b := w.r.Byte(); b == refNull || b == ref || b >= continues {
		w.r.SkipNumber()
	}
}

// address is an alignment, in which a bit announces a memory's number, and an
// offset.
func (w *walker) address() {
	const withMemory = 0x40
	if w.r.Number()&withMemory != 0 {
		w.r.Number()
	}
	w.r.Number64()
}

// prefixFC: conversions that saturate, bulk memory and tables, wide arithmetic.
func (w *walker) prefixFC() {
	switch op := w.r.Number(); {
	case op <= 7:
	case op == 8 || op == 10 || op == 12 || op == 14:
		w.numbers(2)
	case op == 9 || op == 11 || op == 13 || op >= 15 && op <= 17:
		w.numbers(1)
	case op >= 19 && op <= 22:
		w.seen[WideArithmetic] = true
	default:
		w.r.Fail(errUnknown)
	}
}

// prefixFD: vectors.
func (w *walker) prefixFD() {
	const relaxed, end = 0x100, 0x114
	op := w.r.Number()
	switch {
	case op <= 11, op == 92, op == 93: // loads and stores
		w.address()
	case op == 12, op == 13: // v128.const, i8x16.shuffle
		w.r.Bytes(16)
	case op >= 21 && op <= 34: // lanes
		w.r.Byte()
	case op >= 84 && op <= 91: // loads and stores of lanes
		w.address()
		w.r.Byte()
	case op >= end:
		w.r.Fail(errUnknown)
	}
	w.note(op < relaxed, SIMD)
	w.note(op >= relaxed, RelaxedSIMD)
}

// prefixFE: atomic instructions.
func (w *walker) prefixFE() {
	const fence, last = 3, 0x4e
	switch op := w.r.Number(); {
	case op == fence:
		w.r.Byte()
	case op < fence, op >= 0x10 && op <= last:
		w.address()
	default:
		w.r.Fail(errUnknown)
	}
	w.seen[Atomics] = true
}
