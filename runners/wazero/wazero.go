// Package wazero adapts wazero, the WebAssembly runtime in pure Go.
//
// Modes:
//
//	compiler     machine code, kept on disk through a compilation cache
//	interpreter  no machine code; Load decodes the module each time
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
// A command (runners.Stdio) is instantiated without its _start, which Call runs.
// Its stdin, stdout and stderr are readers and writers in memory.
//
// Instances are on the Go heap of the agent. Calls use CallWithStack with a stack
// that is reused, as wazero advises for hot paths. The option close-on-context-done,
// which costs time in each loop of a guest, is off.
package wazero

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/source"
)

const (
	compiler    = "compiler"
	interpreter = "interpreter"
	library     = "github.com/tetratelabs/wazero"
)

// New returns the runner.
func New() runners.Runner { return runner{} }

type runner struct{}

// Check reports the library's version and both modes.
func (runner) Check(context.Context) (runners.Info, error) {
	settings := map[string]string{
		"close_on_context_done": "off",
		"memory_allocator":      "Go heap",
		"call":                  "CallWithStack",
	}
	info := runners.Info{
		Version: source.Version(library),
		Modes: []runners.Mode{
			{Name: compiler, Rungs: results.Rungs(), Default: true, Settings: settings},
			{Name: interpreter, Rungs: results.Rungs(), Settings: settings},
		},
	}
	if !compiles() {
		info.Modes[0].Unavailable = "wazero has no compiler for " + runtime.GOOS + "/" + runtime.GOARCH
	}
	return info, nil
}

// compiles says whether wazero's compiler supports this platform: see
// platform.CompilerSupported in its sources.
func compiles() bool {
	return runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"
}

// Sweep has nothing to do: all that outlives a process lies in its folder.
func (runner) Sweep(context.Context, string) error { return nil }

const pageSize = 64 << 10

// Boot makes the engine with its caches and the WASI host module.
func (runner) Boot(ctx context.Context, o runners.Options) (runners.Runtime, error) {
	rt := &machine{mode: o.Mode}
	var config wazero.RuntimeConfig
	switch o.Mode {
	case compiler:
		if err := rt.openCache(o); err != nil {
			return nil, err
		}
		config = wazero.NewRuntimeConfigCompiler().WithCompilationCache(rt.cache)
	case interpreter:
		config = wazero.NewRuntimeConfigInterpreter()
	default:
		return nil, fmt.Errorf("wazero has no mode %q: %w", o.Mode, runners.ErrUnavailable)
	}
	if o.Memory > 0 {
		config = config.WithMemoryLimitPages(uint32(min(o.Memory/pageSize, 1<<16)))
	}
	rt.engine = wazero.NewRuntimeWithConfig(ctx, config)
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, rt.engine); err != nil {
		rt.Close()
		return nil, fmt.Errorf("make wazero's WASI: %w", err)
	}
	return rt, nil
}

// machine is a wazero runtime with its cache.
type machine struct {
	mode   string
	engine wazero.Runtime
	cache  wazero.CompilationCache
	dir    string // of the cache; "" in the interpreter
	// entries is the folder in it where wazero looks for compiled modules.
	entries string
	// own says that the folder is this runtime's and is deleted with it.
	own bool
}

// openCache opens the folder that Prepare has filled, or makes one.
func (rt *machine) openCache(o runners.Options) (err error) {
	if o.Prepared != "" {
		rt.dir = filepath.Dir(filepath.Dir(o.Prepared))
	} else if rt.dir, err = os.MkdirTemp(o.Scratch, "wazero-"); err != nil {
		return fmt.Errorf("make the folder of wazero's cache: %w", err)
	}
	rt.own = o.Prepared == ""
	rt.cache, err = wazero.NewCompilationCacheWithDir(rt.dir)
	if err != nil {
		rt.removeCache()
		return fmt.Errorf("make wazero's cache: %w", err)
	}
	// The folder's name holds the version; the cache contains no other.
	found, err := filepath.Glob(filepath.Join(rt.dir, "wazero-*"))
	if err != nil || len(found) != 1 {
		rt.removeCache()
		return fmt.Errorf("wazero's cache in %s holds %d folders instead of 1", rt.dir, len(found))
	}
	rt.entries = found[0]
	return nil
}

// removeCache deletes the folder if it is the runtime's own.
func (rt *machine) removeCache() error {
	if !rt.own {
		return nil
	}
	return os.RemoveAll(rt.dir)
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
		if dirErr := rt.removeCache(); err == nil {
			err = dirErr
		}
	}
	return err
}
