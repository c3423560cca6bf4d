package wasmfile

import (
	"fmt"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// File is a module or a component.
type File interface {
	// Kind tells which of the two it is.
	Kind() runners.Kind
	// Interface says how it takes requests, or what it does not have.
	Interface() (runners.Interface, error)
	// Imports lists what it takes from its host, in its order.
	Imports() []Import
	// Refusal says why no runner takes it, nil where one may.
	Refusal() error
}

// Import is what a module or a component takes from its host. The name of an interface
// of a component stands in Name alone.
type Import struct{ From, Name string }

// Open reads the sections of a module's or a component's file. Another file, or a
// broken one, is an error that wraps ErrMalformed.
func Open(path string) (File, error) {
	code, err := abi.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f, err := open(code)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return f, nil
}

// open is Open of the bytes themselves.
func open(code []byte) (File, error) {
	if abi.IsComponent(code) {
		return inspectComponent(code)
	}
	return inspect(code)
}

// Kind implements File.
func (*Module) Kind() runners.Kind { return runners.Wasm }

// Kind implements File.
func (*Component) Kind() runners.Kind { return runners.Component }
