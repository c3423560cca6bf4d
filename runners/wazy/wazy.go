// Package wazy adapts wazy, a fork of wazero: a WebAssembly runtime in pure Go.
//
// # Modes
//
//	jit          machine code, made by each Load: the library's default
//	compiler     machine code, kept on disk through a compilation cache
//	interpreter  no machine code; Load decodes the module each time
//
// All of them end a guest whose context is done. wazy cannot do without: compiled
// code tests in loops and in recursive functions whether it is to return to Go. So
// there is no pair of modes with and without it, and a comparison with wazero's
// compiler, where the test is off, charges wazy for it.
//
// # What is done where
//
//	Boot         make the engine with its cache and the WASI host module
//	Prepare      read, check the module (package wasmfile); compiler: compile into the cache, move the file out
//	Load         read; decode and compile, or decode and map the machine code
//	Instantiate  an anonymous instance with its exports and _initialize
//	Call         alloc, copy in, handle, copy out, with CallWithStack and a stack that is reused
//
// A runtime has a compilation cache, in memory and (compiler) in a folder of its own,
// which Close deletes. Boot opens the prepared folder for reading only if it is told
// what will be loaded: there wazy does not compile what the folder does not hold.
// Without the cache, wazy would keep machine code for the life of a runtime alone.
//
// Clocks, sleep and random numbers are the system's, since wazy's defaults are fakes,
// as wazero's are. An artefact's folder is mounted read-only as "/". A command is
// instantiated without its _start, which Call runs; its streams are in memory.
//
// A policy (runners.Policy) mounts its folders in the place of the artefact's. A
// hardened one leaves wazy's fake clocks in place, and limits tables.
//
// # Hidden caches
//
// wazy keeps the linear memories of closed instances for the process and clears what
// a guest could have written before it hands one out again. An instance that
// follows a closed one of the same size so pays no page faults, which is what a node
// sees that makes an instance for each request. The first one of a process pays them.
// The library has no option against it. It also keeps the buffers of its compiler and
// the stacks of calls. None of them holds anything of a module, so a second runtime
// compiles again (runnertest, no-hidden-cache).
//
// # Version
//
// v0.6.0 passes the conformance suite. Its compiler refuses one build, kernels in c+simd
// ("BUG: branching instructions are handled by LowerBranches"); the interpreter takes it.
//
// v0.7.0 and v0.8.0 compile that one and give wrong responses of kernels in C and in
// c+simd ("gemm \x00\x00\x001" for "gemm 64 1"), in each process, when memory.grow has
// moved the memory. Responses are right where the memory has room to grow in place
// (WithMemoryCapacityReservePages), and in the interpreter.
//
// # Settings that are left out
//
//   - WithMemoryCapacityReservePages, which makes growing cheap: it costs memory for
//     each instance, and the workloads' guests hardly grow.
//   - WithMemoryCapacityFromMax, which allocates a memory's maximum at once, for the
//     same reason.
//   - WithCoreFeatures(api.CoreFeaturesV3): the workloads' modules need none of them.
//   - WithDebugInfoEnabled(false), which saves the parsing of DWARF sections: the
//     modules of the workloads have none.
//   - Compilation on several cores, which wazero offers and wazy has removed.
//   - Listeners, snapshots and WithCustomSections: they add work.
package wazy

import (
	"context"
	"fmt"
	"runtime"

	"github.com/samyfodil/wazy"
	"github.com/samyfodil/wazy/imports/wasi_snapshot_preview1"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/internal/purego"
	"edgebench/runners/source"
)

const library = "github.com/samyfodil/wazy"

// release is that of the version in go.mod, by the module proxy's time.
var release = runners.Release{Version: "v0.6.0", Day: "2026-11-05"}

// mode is one way of running wazy.
type mode struct {
	name     string
	compiles bool // there is machine code
	keeps    bool // it is kept on disk
}

// modes are all modes in the order in which they are shown. The first is the
// library's default.
var modes = []mode{
	{name: "jit", compiles: true},
	{name: "compiler", compiles: true, keeps: true},
	{name: "interpreter"},
}

func find(name string) (mode, error) {
	for _, m := range modes {
		if m.name == name {
			return m, nil
		}
	}
	return mode{}, fmt.Errorf("wazy has no mode %q: %w", name, runners.ErrUnavailable)
}

// New returns the runner.
func New() runners.Runner { return runner{} }

type runner struct{}

// Check reports the library's version and all modes.
func (runner) Check(context.Context) (runners.Info, error) {
	info := runners.Info{Version: source.Version(library)}
	info.Released = release.Of(info.Version)
	for i, m := range modes {
		described := runners.Mode{Name: m.name, Rungs: results.Rungs(), Default: i == 0, Interruptible: true, Confines: true, Features: features, Settings: map[string]string{
			"close_on_context_done": "on, which is the library's only way",
			"memory":                "Go heap; memories of closed instances are cleared and used again",
			"call":                  "CallWithStack",
		}}
		if m.compiles && !canCompile() {
			described.Unavailable = "wazy has no compiler for " + runtime.GOOS + "/" + runtime.GOARCH
		}
		info.Modes = append(info.Modes, described)
	}
	return info, nil
}

// canCompile says whether wazy's compiler supports this platform: see
// platform.CompilerSupported in its sources.
func canCompile() bool {
	return runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"
}

// Sweep has nothing to do: all that outlives a process lies in its folder.
func (runner) Sweep(context.Context, string) error { return nil }

// hardenedElements is the limit of a table of a hardened guest: more than a Go program
// has functions.
const hardenedElements = 100_000

// Boot makes the engine with its caches and the WASI host module.
func (runner) Boot(ctx context.Context, o runners.Options) (runners.Runtime, error) {
	m, err := find(o.Mode)
	if err != nil {
		return nil, err
	}
	rt := &machine{mode: m, policy: o.Policy}
	config := m.config()
	if m.keeps {
		if err := rt.openCache(o); err != nil {
			return nil, err
		}
		config = config.WithCompilationCache(rt.cache)
	}
	if o.Memory > 0 {
		config = config.WithMemoryLimitPages(uint32(min(o.Memory/purego.PageSize, 1<<16)))
	}
	if o.Policy.IsHardened() {
		config = config.WithTableLimitElements(hardenedElements)
	}
	rt.engine = wazy.NewRuntimeWithConfig(ctx, config)
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, rt.engine); err != nil {
		rt.Close()
		return nil, fmt.Errorf("make wazy's WASI: %w", err)
	}
	return rt, nil
}

// config is the library's configuration for a mode.
func (m mode) config() wazy.RuntimeConfig {
	if !m.compiles {
		return wazy.NewRuntimeConfigInterpreter()
	}
	return wazy.NewRuntimeConfigCompiler()
}

// machine is a wazy runtime with its cache.
type machine struct {
	mode   mode
	policy *runners.Policy // nil for none
	engine wazy.Runtime
	cache  wazy.CompilationCache
	folder purego.Folder // of the cache, in modes that have one
}

// openCache opens the folder that Prepare has filled, to read it, or makes one.
func (rt *machine) openCache(o runners.Options) (err error) {
	open := wazy.NewCompilationCacheWithDir
	if o.Prepared != "" {
		open = wazy.NewCompilationCacheWithDirReadOnly
	}
	rt.folder, err = purego.OpenFolder("wazy", o.Scratch, o.Prepared, "", func(dir string) (err error) {
		rt.cache, err = open(dir)
		return err
	})
	return err
}

// Close ends the engine and removes the cache that it has made.
func (rt *machine) Close() error {
	if rt.engine == nil {
		return nil
	}
	ctx := context.Background()
	err := rt.engine.Close(ctx)
	rt.engine = nil
	if rt.cache != nil {
		if cacheErr := rt.cache.Close(ctx); err == nil {
			err = cacheErr
		}
		if dirErr := rt.folder.Remove(); err == nil {
			err = dirErr
		}
	}
	return err
}
