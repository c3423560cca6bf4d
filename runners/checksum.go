package runners

import (
	"fmt"
	"os"

	"edgebench/runners/source"
)

// AddChecksum sets the SHA-256 of the prepared artefact if it is a file, and not a
// folder or a name in an engine's store.
func (p *Prepared) AddChecksum() error {
	if info, err := os.Stat(p.Path); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	sum, _, err := source.HashFile(p.Path)
	if err != nil {
		return fmt.Errorf("hash the prepared artefact: %w", err)
	}
	p.SHA256 = sum
	return nil
}

// Verify compares a prepared file with its checksum. Some runtimes run a truncated
// or altered file of machine code without an error. A different checksum is
// ErrMalformed.
func (p Prepared) Verify() error {
	if p.SHA256 == "" {
		return nil
	}
	sum, _, err := source.HashFile(p.Path)
	if err != nil {
		return fmt.Errorf("hash the prepared artefact: %w", err)
	}
	if sum != p.SHA256 {
		return fmt.Errorf("%s is not what was prepared (its SHA-256 is %.12s, not %.12s): %w", p.Path, sum, p.SHA256, ErrMalformed)
	}
	return nil
}
