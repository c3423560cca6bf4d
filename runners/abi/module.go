package abi

import (
	"fmt"
	"io"
	"os"

	"edgebench/runners"
)

const preamble = "\x00asm\x01\x00\x00\x00"

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
	if len(code) < len(preamble) || string(code[:len(preamble)]) != preamble {
		return nil, fmt.Errorf("%s is not a WebAssembly module of version 1: %w", path, runners.ErrMalformed)
	}
	return code, nil
}
