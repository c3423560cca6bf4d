package wazero

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// Prepare compiles into the cache and keeps the compiled file in dir. In the
// interpreter there is nothing to keep but the module itself.
func (rt *machine) Prepare(ctx context.Context, a runners.Artefact, dir string, t *runners.Trace) (runners.Prepared, error) {
	p := runners.Prepared{Artefact: a, Mode: rt.mode, Path: a.Path, Shipped: a.Size, Stored: a.Size}
	code, err := abi.ReadModule(a.Path)
	if err != nil {
		return p, err
	}
	t.Mark(runners.PhaseRead)
	if rt.mode == interpreter {
		return p, nil
	}
	compiled, err := rt.compile(ctx, code)
	if err != nil {
		return p, err
	}
	defer compiled.Close(ctx)
	t.Mark(runners.PhaseCompile)
	if p.Path, err = rt.keep(dir); err != nil {
		return p, err
	}
	t.Mark(runners.PhaseStore)
	info, err := os.Stat(p.Path)
	if err != nil {
		return p, fmt.Errorf("measure the compiled module: %w", err)
	}
	p.Stored = a.Size + uint64(info.Size())
	return p, nil
}

// keep links the one compiled file of the cache into dir.
func (rt *machine) keep(dir string) (string, error) {
	found, err := os.ReadDir(rt.entries)
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("wazero's cache holds %d compiled modules instead of 1 (%v)", len(found), err)
	}
	path := filepath.Join(dir, found[0].Name())
	if err := os.Rename(filepath.Join(rt.entries, found[0].Name()), path); err != nil {
		return "", fmt.Errorf("keep the compiled module: %w", err)
	}
	return path, nil
}

// Load reads the module, which wazero needs in any mode, and decodes it or
// maps its machine code.
func (rt *machine) Load(ctx context.Context, p runners.Prepared, t *runners.Trace) (runners.Loaded, error) {
	if p.Mode != rt.mode {
		return nil, fmt.Errorf("artefact was prepared by mode %q, this is %q", p.Mode, rt.mode)
	}
	code, err := abi.ReadModule(p.Artefact.Path)
	if err != nil {
		return nil, err
	}
	t.Mark(runners.PhaseRead)
	if rt.mode == compiler {
		if err := rt.offer(p.Path); err != nil {
			return nil, err
		}
	}
	compiled, err := rt.compile(ctx, code)
	if err != nil {
		return nil, err
	}
	t.Mark(runners.PhaseLoad)
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions(abi.Initialise).
		WithSysWalltime().WithSysNanotime()
	return &loaded{machine: rt, compiled: compiled, config: config}, nil
}

// offer links a prepared file to where wazero looks for it. A file that is
// there already comes from an earlier Load of the same artefact.
func (rt *machine) offer(path string) error {
	err := os.Link(path, filepath.Join(rt.entries, filepath.Base(path)))
	if err != nil && !os.IsExist(err) {
		return fmt.Errorf("offer the compiled module to wazero: %w", err)
	}
	return nil
}

func (rt *machine) compile(ctx context.Context, code []byte) (wazero.CompiledModule, error) {
	compiled, err := rt.engine.CompileModule(ctx, code)
	if err != nil {
		return nil, fmt.Errorf("compile: %w: %s", runners.ErrMalformed, firstLine(err))
	}
	if err := check(compiled); err != nil {
		compiled.Close(ctx)
		return nil, err
	}
	return compiled, nil
}

// check refuses a module that lacks an export of ours or imports what nobody
// supplies, and names it.
func check(m wazero.CompiledModule) error {
	for _, f := range m.ImportedFunctions() {
		if from, name, _ := f.Import(); from != abi.WASI {
			return abi.MissingImport(from, name)
		}
	}
	if len(m.ImportedMemories()) > 0 {
		return abi.MissingImport("a module", abi.Memory)
	}
	if _, ok := m.ExportedMemories()[abi.Memory]; !ok {
		return abi.MissingExport(abi.Memory)
	}
	i32, i64 := api.ValueTypeI32, api.ValueTypeI64
	functions := m.ExportedFunctions()
	if !is(functions[abi.Alloc], []api.ValueType{i32}, []api.ValueType{i32}) {
		return abi.MissingExport(abi.Alloc)
	}
	if !is(functions[abi.Handle], []api.ValueType{i32, i32}, []api.ValueType{i64}) {
		return abi.MissingExport(abi.Handle)
	}
	return nil
}

func is(f api.FunctionDefinition, params, returned []api.ValueType) bool {
	return f != nil && string(f.ParamTypes()) == string(params) && string(f.ResultTypes()) == string(returned)
}

// firstLine reduces an error to what stands before its stack trace.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
