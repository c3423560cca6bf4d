package runners

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
)

// CacheBusted writes an artefact with the same meaning and other bytes to a path,
// so that no cache contains it. It adds a custom section at the end of a module or a component,
// or four bytes behind all sections of an executable. Other kinds are
// ErrUnavailable.
func (a Artefact) CacheBusted(path string, buster uint32) (Artefact, error) {
	b, err := os.ReadFile(a.Path)
	if err != nil {
		return a, fmt.Errorf("cache-bust an artefact: %w", err)
	}
	switch a.Kind {
	case Wasm, Component:
		b = append(b, 0, 9, 4, 's', 'a', 'l', 't')
	case Native:
	default:
		return a, fmt.Errorf("cache-bust an artefact of kind %q: %w", a.Kind, ErrUnavailable)
	}
	b = append(b, byte(buster>>24), byte(buster>>16), byte(buster>>8), byte(buster))
	if err := WriteProgram(path, bytes.NewReader(b)); err != nil {
		return a, fmt.Errorf("cache-bust an artefact: %w", err)
	}
	sum := sha256.Sum256(b)
	a.Path, a.SHA256, a.Size = path, hex.EncodeToString(sum[:]), uint64(len(b))
	return a, nil
}
