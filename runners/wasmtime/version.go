//go:build cgo

package wasmtime

import (
	"debug/elf"
	"fmt"
	"os"

	"edgebench/runners"
	"edgebench/runners/internal/codefile"
)

// OtherVersion changes the version in the section of stored code that describes the
// engine: a byte for the format, the length of the version and the version.
func (runner) OtherVersion(p runners.Prepared) (runners.Prepared, error) {
	code, err := os.ReadFile(p.Path)
	if err != nil {
		return p, fmt.Errorf("change the version of the stored code: %w", err)
	}
	f, err := elf.Open(p.Path)
	if err != nil {
		return p, fmt.Errorf("change the version of the stored code: %w: %w", runners.ErrMalformed, err)
	}
	defer f.Close()
	const firstDigit = 2
	section := f.Section(".wasmtime.engine")
	if section == nil || section.Size <= firstDigit || section.Offset+firstDigit >= uint64(len(code)) {
		return p, fmt.Errorf("change the version of the stored code: it does not describe the engine: %w", runners.ErrUnavailable)
	}
	code[section.Offset+firstDigit] ^= 1
	p.SHA256, err = codefile.Write(p.Path, code)
	return p, err
}
