//go:build !wasip1

// Command host is the small WASI host of an image that holds a module: it compiles
// /module.wasm when it starts, makes one instance, and serves frames as every native
// workload does. It uses wazero as a user would, in the library's defaults.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"edgebench/workloads/guest"
)

const module = "/module.wasm"

func main() {
	m, err := open(context.Background(), module)
	if err != nil {
		fmt.Fprintln(os.Stderr, "host:", err)
		os.Exit(1)
	}
	guest.Handle(m.handle)
	guest.Main()
}

// machine is the one instance.
type machine struct {
	instance      api.Module
	alloc, answer api.Function
}

func open(ctx context.Context, path string) (*machine, error) {
	code, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	runtime := wazero.NewRuntime(ctx)
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, runtime); err != nil {
		return nil, err
	}
	config := wazero.NewModuleConfig().WithStartFunctions("_initialize").WithSysNanotime().WithSysWalltime().
		WithRandSource(rand.Reader).WithFSConfig(wazero.NewFSConfig().WithReadOnlyDirMount("/", "/"))
	instance, err := runtime.InstantiateWithConfig(ctx, code, config)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	m := &machine{instance, instance.ExportedFunction("alloc"), instance.ExportedFunction("handle")}
	if m.alloc == nil || m.answer == nil || instance.Memory() == nil {
		return nil, errors.New(path + " does not export memory, alloc and handle")
	}
	return m, nil
}

// handle ends the process if the module traps, as a native workload would end.
func (m *machine) handle(request, response []byte) []byte {
	answer, err := m.call(request, response)
	if err != nil {
		fmt.Fprintln(os.Stderr, "host:", err)
		os.Exit(1)
	}
	return answer
}

func (m *machine) call(request, response []byte) ([]byte, error) {
	ctx := context.Background()
	at, err := m.alloc.Call(ctx, uint64(len(request)))
	if err != nil {
		return nil, err
	}
	if !m.instance.Memory().Write(uint32(at[0]), request) {
		return nil, errors.New("alloc gives no room for the request")
	}
	found, err := m.answer.Call(ctx, at[0], uint64(len(request)))
	if err != nil {
		return nil, err
	}
	b, ok := m.instance.Memory().Read(uint32(found[0]>>32), uint32(found[0]))
	if !ok {
		return nil, errors.New("the response lies outside the memory")
	}
	return append(response, b...), nil
}
