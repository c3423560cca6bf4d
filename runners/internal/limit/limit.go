// Package limit bounds the linear memory of a WebAssembly module by rewriting
// the maximum that the module declares for it.
//
// It is for libraries that have no limiter of their own. The specification
// makes the declared maximum binding: memory.grow past it returns -1, as on a
// machine without more memory. Code generation does not depend on the maximum if,
// as in Wasmer on 64-bit machines, each memory reserves 4 GiB and a guard.
//
// Sections are read as https://webassembly.github.io/spec/core/binary/modules.html
// defines them. All lengths are checked against the module's length. Other
// validation is left to the compiler, which reads the result.
package limit

import (
	"errors"
	"fmt"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/binary"
)

// PageSize is the unit of linear memory, in bytes.
const PageSize = 64 << 10

// MaxPages is the most pages that a 32-bit memory can have.
const MaxPages = 1 << 16

// Pages gives the whole pages that fit into a number of bytes.
func Pages(bytes uint64) uint32 { return uint32(min(bytes/PageSize, MaxPages)) }

// Memory returns the module with the maximum of its memory lowered to pages.
// A module whose memory is bounded so already, or that has none, is returned
// itself; module is never changed.
//
// Errors wrap runners.ErrMalformed for what is not a module,
// runners.ErrTooLarge for a module that starts with more memory than that, and
// runners.ErrUnavailable for a module with an imported memory, several
// memories, a shared or a 64-bit one.
func Memory(module []byte, pages uint32) ([]byte, error) {
	at, err := find(module)
	if err != nil {
		return nil, err
	}
	if at.End == 0 {
		return module, nil
	}
	m, err := readMemory(module[at.Payload:at.End])
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
	out = append(out, module[:at.Start]...)
	out = appendMemory(out, m)
	return append(out, module[at.End:]...), nil
}

// find walks over all sections, gives the memory section and refuses imports
// that would evade the limit. The zero Section is one that is not there.
func find(module []byte) (at binary.Section, err error) {
	if err := abi.CheckPreamble(module); err != nil {
		return at, err
	}
	for r := binary.NewReader(module, len(binary.Preamble)); r.More(); {
		s := r.Section()
		switch {
		case r.Err() != nil:
			return at, malformed(r.Err())
		case s.ID == binary.SectionImport:
			if err := checkImports(module[s.Payload:s.End]); err != nil {
				return at, err
			}
		case s.ID == binary.SectionMemory && at.End != 0:
			return at, malformed(errors.New("it has two memory sections"))
		case s.ID == binary.SectionMemory:
			at = s
		}
	}
	return at, nil
}

// checkImports refuses a module that imports anything but functions, and so
// any memory.
func checkImports(payload []byte) error {
	r := binary.NewReader(payload, 0)
	for n := r.Count(); n > 0 && r.Err() == nil; n-- {
		r.Name()
		r.Name()
		if r.Byte() != binary.KindFunction {
			return fmt.Errorf("the module imports something other than functions, so its memory cannot be limited: %w", runners.ErrUnavailable)
		}
		r.Number()
	}
	if r.Err() != nil {
		return malformed(r.Err())
	}
	return nil
}

// memory is the type of a memory, in pages.
type memory struct{ min, max uint32 }

func readMemory(payload []byte) (m memory, err error) {
	r := binary.NewReader(payload, 0)
	count := r.Number()
	if r.Err() == nil && count == 0 {
		return m, nil
	}
	if r.Err() == nil && count != 1 {
		return m, fmt.Errorf("the module has %d memories, only a single one can be limited: %w", count, runners.ErrUnavailable)
	}
	flags := r.Byte()
	if flags&^binary.LimitMaximum != 0 {
		return m, fmt.Errorf("the module's memory is shared or 64-bit, which cannot be limited: %w", runners.ErrUnavailable)
	}
	m = memory{min: r.Number(), max: MaxPages}
	if flags&binary.LimitMaximum != 0 {
		m.max = r.Number()
	}
	if r.More() {
		r.Fail(errors.New("the memory section is longer than its content"))
	}
	if r.Err() != nil {
		return m, malformed(r.Err())
	}
	return m, nil
}

// maxSection bounds what appendMemory appends: the section's number, size,
// count and flags take a byte each, both bounds at most five.
const maxSection = 4 + 2*binary.MaxNumber

func appendMemory(out []byte, m memory) []byte {
	payload := binary.AppendNumber(binary.AppendNumber([]byte{1, binary.LimitMaximum}, m.min), m.max)
	return append(append(out, binary.SectionMemory, byte(len(payload))), payload...)
}

func malformed(err error) error { return fmt.Errorf("%w: %w", runners.ErrMalformed, err) }
