package wazy

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"

	"github.com/samyfodil/wazy"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/internal/capi"
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
	if p.Path, err = rt.folder.Keep(dir); err != nil {
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

// Load reads the module, which wazy needs in any mode, and compiles it, decodes it
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
		if err := rt.folder.Offer(p.Path); err != nil {
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
	return &loaded{machine: rt, compiled: compiled, config: configure(p.Artefact, rt.policy), iface: p.Artefact.Interface, right: uint32(p.Artefact.Use.ExitCode)}, nil
}

// configure gives instances what an artefact's guest finds: real clocks and
// random numbers, where wazy's own are fakes, arguments, variables and folders. A
// policy has other folders.
func configure(a runners.Artefact, policy *runners.Policy) wazy.ModuleConfig {
	config := wazy.NewModuleConfig().WithName("").WithStartFunctions(abi.Initialise).WithRandSource(rand.Reader)
	if !policy.IsHardened() {
		config = config.WithSysWalltime().WithSysNanotime().WithSysNanosleep()
	}
	if args := capi.Arguments(a); len(args) > 0 {
		config = config.WithArgs(args...)
	}
	if a.Interface == runners.Stdio {
		config = config.WithStartFunctions()
	}
	config = withVariables(config, a.Use.Env)
	if policy != nil {
		return grant(config, policy)
	}
	if len(a.Folders()) == 0 {
		return config
	}
	folders := wazy.NewFSConfig()
	for _, d := range a.Folders() {
		folders = folders.WithReadOnlyDirMount(d.Host, d.Guest)
	}
	return config.WithFSConfig(folders)
}

// grant gives instances what a policy says.
func grant(config wazy.ModuleConfig, policy *runners.Policy) wazy.ModuleConfig {
	folders := wazy.NewFSConfig()
	for _, f := range policy.Folders {
		if f.Writable {
			folders = folders.WithDirMount(f.Host, f.Guest)
		} else {
			folders = folders.WithReadOnlyDirMount(f.Host, f.Guest)
		}
	}
	return withVariables(config, policy.Environment).WithFSConfig(folders)
}

func withVariables(config wazy.ModuleConfig, list []string) wazy.ModuleConfig {
	for _, v := range list {
		name, value, _ := strings.Cut(v, "=")
		config = config.WithEnv(name, value)
	}
	return config
}

func (rt *machine) compile(ctx context.Context, code []byte) (wazy.CompiledModule, error) {
	compiled, err := rt.engine.CompileModule(ctx, code)
	if err != nil {
		return nil, wasmfile.Refused("wazy", err.Error())
	}
	return compiled, nil
}
