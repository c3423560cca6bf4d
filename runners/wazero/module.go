package wazero

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/experimental"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/wasmfile"
)

// Prepare compiles into the cache and keeps the compiled file in dir. Modes that keep
// no code have nothing to keep but the module itself.
func (rt *machine) Prepare(ctx context.Context, a runners.Artefact, dir string, t *runners.Trace) (runners.Prepared, error) {
	p := runners.Prepared{Artefact: a, Mode: rt.mode.name, Path: a.Path, Shipped: a.Size, Stored: a.Size}
	code, err := wasmfile.ReadFor(a.Path, a.Interface)
	if err != nil {
		return p, err
	}
	if err := wasmfile.Check(code, a.Interface); err != nil {
		return p, err
	}
	t.Mark(runners.PhaseRead)
	if !rt.mode.keeps {
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

// keep moves the one compiled file of the cache into dir, which becomes a cache that
// other runtimes can open.
func (rt *machine) keep(dir string) (string, error) {
	found, err := os.ReadDir(rt.entries)
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("wazero's cache holds %d compiled modules instead of 1 (%v)", len(found), err)
	}
	path := filepath.Join(dir, filepath.Base(rt.entries), found[0].Name())
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("keep the compiled module: %w", err)
	}
	if err := os.Rename(filepath.Join(rt.entries, found[0].Name()), path); err != nil {
		return "", fmt.Errorf("keep the compiled module: %w", err)
	}
	return path, nil
}

// Load reads the module, which wazero needs in any mode, and compiles it, decodes it
// or maps its machine code.
func (rt *machine) Load(ctx context.Context, p runners.Prepared, t *runners.Trace) (runners.Loaded, error) {
	if p.Mode != rt.mode.name {
		return nil, fmt.Errorf("artefact was prepared by mode %q, this is %q", p.Mode, rt.mode.name)
	}
	code, err := wasmfile.ReadFor(p.Artefact.Path, p.Artefact.Interface)
	if err != nil {
		return nil, err
	}
	t.Mark(runners.PhaseRead)
	if rt.mode.keeps {
		if err := rt.offer(p.Path); err != nil {
			return nil, err
		}
	}
	compiled, err := rt.compile(ctx, code)
	if err != nil {
		return nil, err
	}
	if rt.mode.compiles && !rt.mode.keeps {
		t.Mark(runners.PhaseCompile)
	} else {
		t.Mark(runners.PhaseLoad)
	}
	return &loaded{machine: rt, compiled: compiled, config: configure(p.Artefact), iface: p.Artefact.Interface, right: uint32(p.Artefact.Use.ExitCode)}, nil
}

// configure gives instances what an artefact's guest finds: real clocks and
// random numbers, where wazero's own are fakes, arguments, variables and folders.
func configure(a runners.Artefact) wazero.ModuleConfig {
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions(abi.Initialise).
		WithSysWalltime().WithSysNanotime().WithSysNanosleep().WithRandSource(rand.Reader)
	if a.Interface == runners.Stdio || len(a.Use.Args) > 0 {
		config = config.WithArgs(append([]string{abi.Program}, a.Use.Args...)...)
	}
	if a.Interface == runners.Stdio {
		config = config.WithStartFunctions()
	}
	for _, v := range a.Use.Env {
		name, value, _ := strings.Cut(v, "=")
		config = config.WithEnv(name, value)
	}
	if len(a.Folders()) == 0 {
		return config
	}
	folders := wazero.NewFSConfig()
	for _, d := range a.Folders() {
		folders = folders.WithReadOnlyDirMount(d.Host, d.Guest)
	}
	return config.WithFSConfig(folders)
}

// offer links a prepared file to where wazero looks for it, unless it is there. A
// link that is there already comes from an earlier Load of the same artefact.
func (rt *machine) offer(path string) error {
	if filepath.Dir(path) == rt.entries {
		return nil
	}
	err := os.Link(path, filepath.Join(rt.entries, filepath.Base(path)))
	if err != nil && !os.IsExist(err) {
		return fmt.Errorf("offer the compiled module to wazero: %w", err)
	}
	return nil
}

func (rt *machine) compile(ctx context.Context, code []byte) (wazero.CompiledModule, error) {
	if rt.mode.workers > 1 {
		ctx = experimental.WithCompilationWorkers(ctx, rt.mode.workers)
	}
	compiled, err := rt.engine.CompileModule(ctx, code)
	if err != nil {
		return nil, wasmfile.Refused("wazero", err.Error())
	}
	return compiled, nil
}

// firstLine reduces an error to what stands before its stack trace.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
