//go:build cgo && linux && amd64

package v8

import (
	"fmt"
	"os"

	"edgebench/runners"
	"edgebench/runners/internal/codefile"
)

// versionHash is where stored code has the hash of V8's version: after a number of 4
// bytes that says what it is.
const versionHash = 4

// OtherVersion changes the hash of V8's version in stored code.
func (runner) OtherVersion(p runners.Prepared) (runners.Prepared, error) {
	file, err := os.ReadFile(p.Path)
	if err != nil {
		return p, fmt.Errorf("change the version of the stored code: %w", err)
	}
	wasm, code, err := split(file)
	if err != nil || len(code) <= versionHash {
		return p, fmt.Errorf("change the version of the stored code: it is too short: %w", runners.ErrMalformed)
	}
	code[versionHash] ^= 1
	p.SHA256, err = codefile.Write(p.Path, join(wasm, code))
	return p, err
}
