package agent

import (
	"fmt"
	"os"

	"edgebench/runners"
	"edgebench/runners/source"
)

// seal notes the hash of what was prepared, where that is a file.
func seal(p *runners.Prepared) error {
	if info, err := os.Stat(p.Path); err != nil || !info.Mode().IsRegular() {
		return nil // a folder, or a name in an engine's store
	}
	sum, _, err := source.HashFile(p.Path)
	if err != nil {
		return fmt.Errorf("hash the prepared artefact: %w", err)
	}
	p.SHA256 = sum
	return nil
}

// unsealed says whether a prepared file is still what it was. Some runtimes
// run a truncated or altered file of machine code without noticing.
func unsealed(p runners.Prepared) error {
	if p.SHA256 == "" {
		return nil
	}
	sum, _, err := source.HashFile(p.Path)
	if err != nil {
		return fmt.Errorf("hash the prepared artefact: %w", err)
	}
	if sum != p.SHA256 {
		return fmt.Errorf("%s is not what was prepared (its SHA-256 is %.12s, not %.12s): %w", p.Path, sum, p.SHA256, runners.ErrMalformed)
	}
	return nil
}
