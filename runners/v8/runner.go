//go:build cgo && linux && amd64

package v8

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/internal/limit"
	"edgebench/runners/source"
)

// mode is one way of running V8.
type mode struct {
	name  string
	scope scope
	// flags choose the compilers. All modes set the same ones, since the flags
	// of an earlier Boot of the process stay.
	flags []string
	tiers string // for the record
	// kept says that Prepare compiles and stores the code.
	kept bool
	// interruptible says that a call ends with its context.
	interruptible bool
}

// Flags for V8's compilers of WebAssembly. V8 derives some flags from others when
// it starts, and not later, so all are given.
var (
	tieredFlags   = []string{"--liftoff", "--no-liftoff-only", "--wasm-lazy-compilation", "--wasm-tier-up", "--wasm-dynamic-tiering"}
	baselineFlags = []string{"--liftoff", "--liftoff-only", "--no-wasm-lazy-compilation", "--no-wasm-tier-up", "--no-wasm-dynamic-tiering"}
	optimiseFlags = []string{"--no-liftoff", "--no-liftoff-only", "--no-wasm-lazy-compilation", "--no-wasm-tier-up", "--no-wasm-dynamic-tiering"}
)

// What the record says of the compilers.
const (
	tiersTiered   = "Liftoff at a function's first call, TurboFan in the background for hot functions (V8's default)"
	tiersBaseline = "Liftoff for all functions at load, no TurboFan"
	tiersOptimise = "TurboFan for all functions at load, no Liftoff"
	tiersStored   = "TurboFan for all functions in prepare, code stored and brought back by load"
)

var modes = []mode{
	{name: "isolate", scope: ownIsolate, flags: tieredFlags, tiers: tiersTiered},
	{name: "isolate-cached", scope: ownIsolate, flags: optimiseFlags, tiers: tiersStored, kept: true},
	{name: "isolate-interruptible", scope: ownIsolate, flags: tieredFlags, tiers: tiersTiered, interruptible: true},
	{name: "isolate-liftoff", scope: ownIsolate, flags: baselineFlags, tiers: tiersBaseline},
	{name: "isolate-turbofan", scope: ownIsolate, flags: optimiseFlags, tiers: tiersOptimise},
	{name: "context", scope: ownContext, flags: tieredFlags, tiers: tiersTiered},
	{name: "instance", scope: ownInstance, flags: tieredFlags, tiers: tiersTiered},
}

// New returns the runner for V8.
func New() runners.Runner { return runner{} }

type runner struct{}

// The Go modules of v8go's headers and of the library.
const (
	headers = "github.com/tommie/v8go"
	library = "github.com/tommie/v8go/deps/linux_amd64"
)

// release is that of the library's version in go.mod, by its own time: V8 13.6 as
// v8go compiled it. v8go v0.34.0 is five months younger.
var release = runners.Release{Version: "v0.0.0-20250515043113-5dcc98077472", Day: "2025-05-15"}

// Check reports the version of V8 and of the Go module that brings it.
func (runner) Check(context.Context) (runners.Info, error) {
	info := runners.Info{
		Version:  "V8 " + version() + " (v8go " + source.Version(headers) + ")",
		Released: release.Of(source.Version(library)),
	}
	for _, m := range modes {
		info.Modes = append(info.Modes, m.describe())
	}
	return info, nil
}

func (m mode) describe() runners.Mode {
	d := runners.Mode{
		Name:          m.name,
		Rungs:         results.Rungs(),
		Default:       m.name == modes[0].name,
		Interruptible: m.interruptible,
		Confines:      true,
		Features:      features,
		Settings: map[string]string{
			"instance":       m.scope.String(),
			"compilers":      m.tiers,
			"flags":          strings.Join(m.flags, " "),
			"worker_threads": "V8's default, one fewer than cores and at least one",
			"bounds_checks":  "explicit, since the trap handler is off",
			"memory_maximum": strconv.FormatUint(defaultMemory>>20, 10) + " MiB declared unless the module starts with more",
			"calls":          "Function::Call of the export through C++",
			"wasi":           "a script of ours over functions in C",
			"termination":    "off",
		},
	}
	if m.interruptible {
		d.Settings["termination"] = "TerminateExecution when the context of a call is done"
	}
	return d
}

// defaultMemory bounds a linear memory where nobody else does, in bytes: see Limits
// in the package's documentation. It is what Cloudflare Workers give an isolate
// (https://developers.cloudflare.com/workers/platform/limits/#memory).
const defaultMemory = 128 << 20

// Boot starts V8 in a process that has none, sets the mode's flags and makes the
// isolate in which the runtime compiles.
func (runner) Boot(_ context.Context, o runners.Options) (runners.Runtime, error) {
	m, err := find(o.Mode)
	if err != nil {
		return nil, err
	}
	if o.Policy.IsHardened() {
		m.interruptible = true
	}
	if err := engine.start(m.flags); err != nil {
		return nil, fmt.Errorf("boot V8 in mode %s: %w", m.name, err)
	}
	home, err := newIsolate()
	if err != nil {
		engine.stop()
		return nil, fmt.Errorf("boot V8 in mode %s: %w", m.name, err)
	}
	return &machine{mode: m, home: home, memory: o.Memory, pages: limit.Pages(o.Memory), policy: o.Policy}, nil
}

func find(name string) (mode, error) {
	for _, m := range modes {
		if m.name == name {
			return m, nil
		}
	}
	return mode{}, fmt.Errorf("v8 has no mode %q: %w", name, runners.ErrUnavailable)
}

// Sweep does nothing: whatever this runner makes ends with its process.
func (runner) Sweep(context.Context, string) error { return nil }
