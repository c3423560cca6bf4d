package wazero

import (
	"bytes"
	"fmt"
	"os"

	"edgebench/runners"
	"edgebench/runners/source"
)

// OtherVersion changes the version in the head of a compiled file. wazero compares it
// with its own.
func (runner) OtherVersion(p runners.Prepared) (runners.Prepared, error) {
	code, err := os.ReadFile(p.Path)
	if err != nil {
		return p, fmt.Errorf("change the version of the stored code: %w", err)
	}
	version := []byte(source.Version(library))
	const head = 64
	at := bytes.Index(code[:min(len(code), head)], version)
	if at < 0 || len(version) == 0 {
		return p, fmt.Errorf("change the version of the stored code: its head has no version %q: %w", version, runners.ErrUnavailable)
	}
	code[at+len(version)-1] ^= 1
	if err := os.WriteFile(p.Path, code, 0o600); err != nil {
		return p, fmt.Errorf("change the version of the stored code: %w", err)
	}
	return p, p.AddChecksum()
}
