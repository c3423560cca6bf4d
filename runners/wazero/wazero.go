// Package wazero adapts wazero, the WebAssembly runtime in pure Go.
//
// Modes:
//
//	jit                     machine code, made by each Load: the library's default
//	compiler                machine code, kept on disk through a compilation cache
//	compiler-workers        as compiler, with a compilation worker for each core
//	compiler-interruptible  as compiler, with guests that end with their context
//	interpreter             no machine code; Load decodes the module each time
//
// compiler-workers differs from compiler where code is compiled: Prepare on the
// rung deploy. Loading stored code uses no worker. The workers are an experimental
// option (experimental.WithCompilationWorkers); the library's default is one.
//
// In compiler-interruptible (WithCloseOnContextDone) compiled code asks in each
// loop and each call whether it is to end, and wazero starts a goroutine for each
// call from the host, which waits for the context. A guest whose context is done
// ends with an error. In the other modes only the end of the process stops a guest
// that spins.
//
// A runtime has a compilation cache, in memory and (compiler) in a folder of
// its own. Boot makes both and Close deletes them, so a second runtime of the same
// process compiles again. Prepare compiles into that folder and moves the file out,
// into a folder that wazero can use as a cache. Boot opens that folder if it is told
// what will be loaded, as a node's runtime does. Load calls the compiler, which then
// only maps the machine code. A runtime that was not told links the prepared file
// into its own folder first, which takes some 20 microseconds with all that follows
// from it.
//
// Prepare checks the module before it compiles it (package wasmfile). Clocks, sleep
// and random numbers are the system's, since wazero's defaults are fakes. An
// artefact's folder is mounted read-only as "/".
//
// A policy (runners.Policy) mounts its folders in the place of the artefact's. A
// hardened one leaves wazero's fake clocks in place, and makes guests end with their
// context in each mode.
//
// A command (runners.Stdio) is instantiated without its _start, which Call runs.
// Its stdin, stdout and stderr are readers and writers in memory.
//
// Instances are on the Go heap of the agent. Calls use CallWithStack with a stack
// that is reused, as wazero advises for hot paths.
//
// # Settings that are left out
//
//   - A memory allocator with mmap (experimental.WithMemoryAllocator): wazero has
//     the interface alone, and each user would measure an allocator of their own.
//   - WithMemoryCapacityFromMax, which allocates a memory's maximum at once: it
//     costs memory for each instance, and saves time for guests that grow.
//   - WithDebugInfoEnabled(false), which saves the parsing of DWARF sections: the
//     modules of the workloads have none.
//   - Listeners, snapshots and WithCustomSections: they add work.
package wazero

import (
	"context"
	"fmt"
	"runtime"
	"strconv"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/internal/purego"
	"edgebench/runners/source"
)

const library = "github.com/tetratelabs/wazero"

// release is that of the version in go.mod, by the module proxy's time.
var release = runners.Release{Version: "v1.12.0", Day: "2026-05-28"}

// mode is one way of running wazero.
type mode struct {
	name          string
	compiles      bool // there is machine code
	keeps         bool // it is kept on disk
	workers       int  // that compile at a time
	interruptible bool // a guest ends with the context of its call
}

// modes lists all modes in the order in which they are shown. The first is the
// library's default.
func modes() []mode {
	return []mode{
		{name: "jit", compiles: true, workers: 1},
		{name: "compiler", compiles: true, keeps: true, workers: 1},
		{name: "compiler-workers", compiles: true, keeps: true, workers: runtime.NumCPU()},
		{name: "compiler-interruptible", compiles: true, keeps: true, workers: 1, interruptible: true},
		{name: "interpreter"},
	}
}

func find(name string) (mode, error) {
	for _, m := range modes() {
		if m.name == name {
			return m, nil
		}
	}
	return mode{}, fmt.Errorf("wazero has no mode %q: %w", name, runners.ErrUnavailable)
}

// New returns the runner.
func New() runners.Runner { return runner{} }

type runner struct{}

// Check reports the library's version and all modes.
func (runner) Check(context.Context) (runners.Info, error) {
	info := runners.Info{Version: source.Version(library)}
	info.Released = release.Of(info.Version)
	for i, m := range modes() {
		described := runners.Mode{Name: m.name, Rungs: results.Rungs(), Default: i == 0, Interruptible: m.interruptible, Confines: true, Features: features, Settings: m.settings()}
		if m.compiles && !canCompile() {
			described.Unavailable = "wazero has no compiler for " + runtime.GOOS + "/" + runtime.GOARCH
		}
		info.Modes = append(info.Modes, described)
	}
	return info, nil
}

func (m mode) settings() map[string]string {
	s := map[string]string{
		"close_on_context_done": "off",
		"memory_allocator":      "Go heap",
		"call":                  "CallWithStack",
	}
	if m.interruptible {
		s["close_on_context_done"] = "on"
	}
	if m.compiles {
		s["compilation_workers"] = strconv.Itoa(m.workers)
	}
	return s
}

// canCompile says whether wazero's compiler supports this platform: see
// platform.CompilerSupported in its sources.
func canCompile() bool {
	return runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"
}

// Sweep has nothing to do: all that outlives a process lies in its folder.
func (runner) Sweep(context.Context, string) error { return nil }

// Boot makes the engine with its caches and the WASI host module.
func (runner) Boot(ctx context.Context, o runners.Options) (runners.Runtime, error) {
	m, err := find(o.Mode)
	if err != nil {
		return nil, err
	}
	if m.compiles && !canCompile() {
		return nil, fmt.Errorf("boot wazero in mode %s: it has no compiler for %s/%s: %w", m.name, runtime.GOOS, runtime.GOARCH, runners.ErrUnavailable)
	}
	if o.Policy.IsHardened() {
		m.interruptible = true
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
	rt.engine = wazero.NewRuntimeWithConfig(ctx, config)
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, rt.engine); err != nil {
		rt.Close()
		return nil, fmt.Errorf("make wazero's WASI: %w", err)
	}
	return rt, nil
}

// config is the library's configuration for a mode.
func (m mode) config() wazero.RuntimeConfig {
	if !m.compiles {
		return wazero.NewRuntimeConfigInterpreter().WithCloseOnContextDone(m.interruptible)
	}
	return wazero.NewRuntimeConfigCompiler().WithCloseOnContextDone(m.interruptible)
}

// machine is a wazero runtime with its cache.
type machine struct {
	mode   mode
	policy *runners.Policy // nil for none
	engine wazero.Runtime
	cache  wazero.CompilationCache
	folder purego.Folder // of the cache, in modes that have one
}

// elsewhere is the end of the name of wazero's folder, where others may have filled the
// cache.
func elsewhere(o runners.Options) string {
	if !o.Foreign {
		return ""
	}
	return "-" + runtime.GOARCH + "-" + runtime.GOOS
}

// openCache opens the folder that Prepare has filled, or makes one.
func (rt *machine) openCache(o runners.Options) (err error) {
	rt.folder, err = purego.OpenFolder("wazero", o.Scratch, o.Prepared, elsewhere(o), func(dir string) (err error) {
		rt.cache, err = wazero.NewCompilationCacheWithDir(dir)
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
