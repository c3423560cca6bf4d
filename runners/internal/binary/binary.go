// Package binary reads the values of WebAssembly's binary format
// (https://webassembly.github.io/spec/core/binary/) from untrusted bytes.
package binary

import "errors"

// Preamble is how a core module of version 1 begins, and ComponentPreamble how
// a component does.
const (
	Preamble          = "\x00asm\x01\x00\x00\x00"
	ComponentPreamble = "\x00asm\x0d\x00\x01\x00"
)

// Sections by their numbers.
const (
	SectionType      = 1
	SectionImport    = 2
	SectionFunction  = 3
	SectionMemory    = 5
	SectionExport    = 7
	SectionStart     = 8
	SectionCode      = 10
	SectionDataCount = 12 // the last one of WebAssembly 2.0
)

// What is imported or exported, by its number.
const (
	KindFunction = 0
	KindTable    = 1
	KindMemory   = 2
	KindGlobal   = 3
	KindTag      = 4
)

// Bits of the first byte of a limit.
const (
	LimitMaximum  = 1 // a maximum follows the minimum
	LimitShared   = 2
	LimitIs64     = 4
	LimitPageSize = 8 // the size of a page follows both
)

// Errors of a Reader.
var (
	errEnds    = errors.New("it ends in the middle of a value")
	errTooWide = errors.New("a number is larger than its type")
)

// Reader reads one value after another. It never goes past the end of its
// data. The first error stays: from then on all reads give zero values and the
// position does not move, so that it need only be looked at where a count from
// the data is gone by or something is concluded.
type Reader struct {
	data []byte
	at   int
	err  error
}

// NewReader returns a reader of data that begins at a position.
func NewReader(data []byte, at int) *Reader {
	r := &Reader{data: data, at: at}
	if at < 0 || at > len(data) {
		r.at, r.err = len(data), errEnds
	}
	return r
}

// Err is the first error.
func (r *Reader) Err() error { return r.err }

// Fail makes err the first error if there is none.
func (r *Reader) Fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// Left is the number of bytes that have not been read.
func (r *Reader) Left() int { return len(r.data) - r.at }

// More says whether there is something left to read, and no error.
func (r *Reader) More() bool { return r.err == nil && r.at < len(r.data) }

// Byte reads a byte.
func (r *Reader) Byte() byte {
	if r.err != nil {
		return 0
	}
	if r.at == len(r.data) {
		r.err = errEnds
		return 0
	}
	b := r.data[r.at]
	r.at++
	return b
}

// Number reads an unsigned number of 32 bits in LEB128.
func (r *Reader) Number() uint32 { return uint32(r.unsigned(32)) }

// Number64 reads one of 64 bits.
func (r *Reader) Number64() uint64 { return r.unsigned(64) }

func (r *Reader) unsigned(bits int) uint64 {
	var v uint64
	for shift := 0; ; shift += 7 {
		b := r.Byte()
		if r.err != nil {
			return 0
		}
		if left := bits - shift; left < 7 && b>>left != 0 {
			r.err = errTooWide
			return 0
		}
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
}

// SkipNumber passes over a number, signed or not, of up to 64 bits.
func (r *Reader) SkipNumber() {
	for range 10 {
		if b := r.Byte(); r.err != nil || b < 0x80 {
			return
		}
	}
	r.Fail(errTooWide)
}

// bytes reads n bytes, which it does not copy.
func (r *Reader) bytes(n uint32) []byte {
	if r.err != nil {
		return nil
	}
	if uint64(n) > uint64(len(r.data)-r.at) {
		r.err = errEnds
		return nil
	}
	b := r.data[r.at : r.at+int(n) : r.at+int(n)]
	r.at += int(n)
	return b
}

// Name reads a length and as many bytes.
func (r *Reader) Name() []byte { return r.bytes(r.Number()) }

// Count reads the number of the elements that follow. Each takes a byte at
// least, so that a number that lies is no reason to make room for it.
func (r *Reader) Count() int {
	n := r.Number()
	if r.err == nil && uint64(n) > uint64(len(r.data)-r.at) {
		r.err = errEnds
	}
	if r.err != nil {
		return 0
	}
	return int(n)
}

// Section is where a section stands: from its number to the end of its
// payload.
type Section struct {
	ID                  byte
	Start, Payload, End int
}

// Section reads a section's head and passes over its payload.
func (r *Reader) Section() Section {
	s := Section{Start: r.at}
	s.ID = r.Byte()
	n := r.Number()
	s.Payload = r.at
	r.bytes(n)
	s.End = r.at
	return s
}

// HasImports says whether a module, which is known to be well-formed, imports
// anything.
func HasImports(module []byte) bool {
	for r := NewReader(module, len(Preamble)); r.More(); {
		if s := r.Section(); s.ID == SectionImport {
			return NewReader(module, s.Payload).Number() > 0
		}
	}
	return false
}

// MaxNumber is the most bytes that a number of 32 bits takes.
const MaxNumber = 5

// AppendNumber appends an unsigned number in LEB128.
func AppendNumber(out []byte, v uint32) []byte {
	for ; v >= 0x80; v >>= 7 {
		out = append(out, byte(v)|0x80)
	}
	return append(out, byte(v))
}
