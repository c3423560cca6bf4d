package abi

import (
	"fmt"
	"io"
	"os"

	"edgebench/runners"
	"edgebench/runners/internal/binary"
)

// ReadModule reads a module's file, which begins with WebAssembly's magic
// number and version 1 and is at most MaxModule bytes long.
func ReadModule(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the module: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the module: %w", err)
	}
	if info.Size() > MaxModule {
		return nil, fmt.Errorf("module %s has %d bytes, at most %d are read: %w", path, info.Size(), MaxModule, runners.ErrTooLarge)
	}
	code := make([]byte, info.Size())
	if _, err := io.ReadFull(f, code); err != nil {
		return nil, fmt.Errorf("read the module %s: %w", path, err)
	}
	if err := CheckPreamble(code); err != nil {
		return nil, fmt.Errorf("read the module %s: %w", path, err)
	}
	return code, nil
}

// CheckPreamble refuses what does not begin like a core module of version 1: as
// ErrMalformed, but a component as ErrUnavailable.
func CheckPreamble(code []byte) error {
	const n = len(binary.Preamble)
	switch {
	case len(code) >= n && string(code[:n]) == binary.Preamble:
		return nil
	case len(code) >= n && string(code[:n]) == binary.ComponentPreamble:
		return fmt.Errorf("it is a component (WASI preview 2), where runners take core modules: build it for preview 1 (wasm32-wasip1): %w", runners.ErrUnavailable)
	}
	return fmt.Errorf("it does not begin like a WebAssembly module of version 1: %w", runners.ErrMalformed)
}
