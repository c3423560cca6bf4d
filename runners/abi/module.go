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
func ReadModule(path string) ([]byte, error) { return readChecked(path, CheckPreamble) }

// ReadComponent does the same with a component's file.
func ReadComponent(path string) ([]byte, error) { return readChecked(path, checkComponentPreamble) }

func readChecked(path string, checkPreamble func(code []byte) error) ([]byte, error) {
	code, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := checkPreamble(code); err != nil {
		return nil, fmt.Errorf("read the module %s: %w", path, err)
	}
	return code, nil
}

// ReadFile reads the file of a module or a component, of at most MaxModule bytes. It
// does not look at them.
func ReadFile(path string) ([]byte, error) {
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
	return code, nil
}

// CheckPreamble refuses what does not begin like a core module of version 1: as
// ErrMalformed, but a component as ErrUnavailable.
func CheckPreamble(code []byte) error {
	switch {
	case begins(code, binary.Preamble):
		return nil
	case IsComponent(code):
		return fmt.Errorf("it is a component, where this system takes core modules: build it for WASI preview 1 (wasm32-wasip1), or measure it in a mode that takes components: %w", runners.ErrUnavailable)
	}
	return fmt.Errorf("it does not begin like a WebAssembly module of version 1: %w", runners.ErrMalformed)
}

// IsComponent says whether code begins like a component and not like a core module.
func IsComponent(code []byte) bool { return begins(code, binary.ComponentPreamble) }

func begins(code []byte, with string) bool {
	return len(code) >= len(with) && string(code[:len(with)]) == with
}

// checkComponentPreamble refuses what does not begin like a component.
func checkComponentPreamble(code []byte) error {
	switch {
	case IsComponent(code):
		return nil
	case begins(code, binary.Preamble):
		return fmt.Errorf("it is a core module, where this mode takes components: measure it in another mode: %w", runners.ErrUnavailable)
	}
	return fmt.Errorf("it does not begin like a component of WebAssembly: %w", runners.ErrMalformed)
}
