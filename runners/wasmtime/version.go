//go:build cgo

package wasmtime

import (
	"debug/elf"
	"fmt"
	"os"
	"strings"

	"github.com/bytecodealliance/wasmtime-go/v44"

	"edgebench/runners"
	"edgebench/runners/internal/codefile"
	"edgebench/runners/source"
)

// engineSection describes in stored code the engine that compiled it: a byte for the
// format, a byte for the length of the version, and the version.
const (
	engineSection = ".wasmtime.engine"
	versionLength = 1
	firstDigit    = 2
)

// version is that of the Go module, whose library it is too. A user's own library tells
// its version in the code that it compiles, and nowhere else.
func version() string {
	v := source.Version(library)
	if source.OwnLibrary() == "" {
		return v
	}
	return "wasmtime-go " + v + " (libwasmtime " + compiledBy() + ")"
}

// compiledBy is the version that the linked library puts into code.
func compiledBy() string {
	const unknown = "of unknown version"
	empty := []byte("\x00asm\x01\x00\x00\x00")
	engine := wasmtime.NewEngine()
	defer engine.Close()
	module, err := wasmtime.NewModule(engine, empty)
	if err != nil {
		return unknown
	}
	defer module.Close()
	code, err := module.Serialize()
	if err != nil {
		return unknown
	}
	f, err := elf.NewFile(strings.NewReader(string(code)))
	if err != nil {
		return unknown
	}
	defer f.Close()
	section := f.Section(engineSection)
	if section == nil {
		return unknown
	}
	text, err := section.Data()
	if err != nil || len(text) <= firstDigit || int(text[versionLength]) > len(text)-firstDigit {
		return unknown
	}
	return string(text[firstDigit:][:text[versionLength]])
}

// OtherVersion changes the version in the section of stored code that describes the
// engine.
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
	section := f.Section(engineSection)
	if section == nil || section.Size <= firstDigit || section.Offset+firstDigit >= uint64(len(code)) {
		return p, fmt.Errorf("change the version of the stored code: it does not describe the engine: %w", runners.ErrUnavailable)
	}
	code[section.Offset+firstDigit] ^= 1
	p.SHA256, err = codefile.Write(p.Path, code)
	return p, err
}
