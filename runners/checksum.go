package runners

import (
	"fmt"
	"os"

	"edgebench/runners/source"
)

// AddChecksum notes the hash of what was prepared, where that is a file and not a
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

// Verify says whether a file with a checksum is still what it was: some runtimes run a
// truncated or altered file of machine code without noticing. An altered one
// is ErrMalformed.
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
