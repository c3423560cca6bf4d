// Package limit bounds the linear memory of a WebAssembly module by rewriting
// the maximum that the module declares for it.
//
// It is for libraries that have no limiter of their own. The specification
// makes the declared maximum binding: memory.grow past it answers -1 and the
// guest sees what it would see on a machine that has no more. Code generation
// does not depend on it where, as in Wasmer on 64-bit machines, any maximum is
// served by the same reservation of 4 GiB and a guard.
//
// Sections are read as https://webassembly.github.io/spec/core/binary/modules.html
// defines them. Everything is checked against the module's length; nothing is
// validated beyond what the rewriting rests on, since the compiler validates
// the result.
package limit

import (
	"errors"
	"fmt"

	"edgebench/runners"
)

// PageSize is the unit of linear memory, in bytes.
const PageSize = 64 << 10

// MaxPages is the most pages that a 32-bit memory can have.
const MaxPages = 1 << 16

// Pages gives the whole pages that fit into a number of bytes.
func Pages(bytes uint64) uint32 { return uint32(min(bytes/PageSize, MaxPages)) }

// Sections and kinds of imports, by their numbers in the binary format.
const (
	sectionImport = 2
	sectionMemory = 5
	importFunc    = 0
)

// Flags of a memory's type.
const (
	withoutMaximum = 0
	withMaximum    = 1
)

var preamble = []byte("\x00asm\x01\x00\x00\x00")

// errEnds is a value that reaches past the end of what holds it.
var errEnds = errors.New("it ends in the middle of a value")

// Memory returns the module with the maximum of its memory lowered to pages.
// A module whose memory is bounded so already, or that has none, is returned
// itself; module is never changed.
//
// Errors wrap runners.ErrMalformed for what is not a module, and
// runners.ErrTooLarge for a module that starts with more memory than that. A
// module with an imported memory, several memories, a shared or a 64-bit one
// is refused.
func Memory(module []byte, pages uint32) ([]byte, error) {
	at, err := find(module)
	if err != nil {
		return nil, err
	}
	if at.end == 0 {
		return module, nil
	}
	m, err := readMemory(module[at.payload:at.end])
	if err != nil {
		return nil, err
	}
	if m.min > pages {
		return nil, fmt.Errorf("%w: the module's memory starts with %d pages of 64 KiB, the limit is %d",
			runners.ErrTooLarge, m.min, pages)
	}
	if m.max <= pages {
		return module, nil
	}
	m.max = pages
	out := make([]byte, 0, len(module)+maxSection)
	out = append(out, module[:at.start]...)
	out = appendMemory(out, m)
	return append(out, module[at.end:]...), nil
}

// span is where a section stands: from its number to the end of its payload.
// The zero span is a section that is not there.
type span struct{ start, payload, end int }

// find walks over all sections, gives the memory section and refuses imports
// that would evade the limit.
func find(module []byte) (at span, err error) {
	if len(module) < len(preamble) || string(module[:len(preamble)]) != string(preamble) {
		return at, malformed(errors.New("it does not begin like a WebAssembly module of version 1"))
	}
	r := reader{data: module, at: len(preamble)}
	for r.at < len(module) {
		s, id, err := r.section()
		if err != nil {
			return at, malformed(err)
		}
		switch {
		case id == sectionImport:
			if err := checkImports(module[s.payload:s.end]); err != nil {
				return at, err
			}
		case id == sectionMemory && at.end != 0:
			return at, malformed(errors.New("it has two memory sections"))
		case id == sectionMemory:
			at = s
		}
	}
	return at, nil
}

// checkImports refuses a module that imports anything but functions, and so
// any memory.
func checkImports(payload []byte) error {
	r := reader{data: payload}
	count, err := r.number()
	if err != nil {
		return malformed(err)
	}
	for range count {
		kind, err := r.importKind()
		if err != nil {
			return malformed(err)
		}
		if kind != importFunc {
			return errors.New("the module imports something other than functions, so its memory cannot be limited")
		}
		if _, err := r.number(); err != nil {
			return malformed(err)
		}
	}
	return nil
}

// memory is the type of a memory, in pages.
type memory struct{ min, max uint32 }

func readMemory(payload []byte) (m memory, err error) {
	r := reader{data: payload}
	count, err := r.number()
	if err != nil {
		return m, malformed(err)
	}
	if count == 0 {
		return m, nil
	}
	if count != 1 {
		return m, fmt.Errorf("the module has %d memories, only a single one can be limited", count)
	}
	flags, err := r.byte()
	if err != nil {
		return m, malformed(err)
	}
	if flags != withoutMaximum && flags != withMaximum {
		return m, errors.New("the module's memory is shared or 64-bit, which cannot be limited")
	}
	if m.min, err = r.number(); err != nil {
		return m, malformed(err)
	}
	m.max = MaxPages
	if flags == withMaximum {
		if m.max, err = r.number(); err != nil {
			return m, malformed(err)
		}
	}
	if r.at != len(payload) {
		return m, malformed(errors.New("the memory section is longer than its content"))
	}
	return m, nil
}

// maxSection bounds what appendMemory appends: the section's number, size,
// count and flags take a byte each, both bounds at most five.
const maxSection = 4 + 2*maxNumber

func appendMemory(out []byte, m memory) []byte {
	payload := appendNumber(appendNumber([]byte{1, withMaximum}, m.min), m.max)
	return append(append(out, sectionMemory, byte(len(payload))), payload...)
}

func malformed(err error) error { return fmt.Errorf("%w: %w", runners.ErrMalformed, err) }
