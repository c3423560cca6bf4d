//go:build cgo && linux && wasmedge

package wasmedge

import (
	"context"
	"fmt"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/internal/limit"
	"edgebench/runners/source"
)

// mode is one way of running WasmEdge.
type mode struct {
	name string
	// kept says that Prepare compiles and stores the code, and Load brings it back;
	// otherwise guests are interpreted.
	kept bool
	by   level
}

// modes are all modes in the order in which they are shown. The first is what the
// library does without any configuration.
var modes = []mode{
	{name: "interpreter"},
	{name: "aot", kept: true, by: optimised},
	{name: "aot-o0", kept: true, by: unoptimised},
}

// New returns the runner for WasmEdge.
func New() runners.Runner {
	silence()
	return runner{}
}

type runner struct{}

const library = "github.com/second-state/WasmEdge-go"

// release is that of the version in go.mod, by the module proxy's time. The library is
// the system's; Check reports its version.
var release = runners.Release{Version: "v0.14.0", Day: "2025-02-14"}

// Check reports the versions of the Go module and of the library that is linked.
func (runner) Check(context.Context) (runners.Info, error) {
	version := source.Version(library)
	info := runners.Info{
		Version:  "WasmEdge-go " + version + " (libwasmedge " + libraryVersion() + ")",
		Released: release.Of(version),
	}
	for i, m := range modes {
		info.Modes = append(info.Modes, m.describe(i == 0))
	}
	return info, nil
}

func (m mode) describe(isDefault bool) runners.Mode {
	d := runners.Mode{
		Name: m.name, Rungs: results.Rungs(), Default: isDefault, Confines: true, Features: features,
		Settings: map[string]string{
			"code":     "none, guests are interpreted",
			"calls":    "WasmEdge_ExecutorInvoke through C",
			"executor": "one for each load",
			"wasi":     "the library's, one for each instance; stdin, stdout and stderr are ours, in memory",
		},
	}
	if m.kept {
		d.Settings["code"] = "stored by prepare in the module's file (universal format); size and time stamp checked by each load, its SHA-256 by the harness before the trial"
		d.Settings["compiler"] = "LLVM, optimisation level O3, the library's default"
		if m.by == unoptimised {
			d.Settings["compiler"] = "LLVM, optimisation level O0"
		}
	}
	return d
}

// Boot chooses a mode. The library itself was brought up by the dynamic linker when
// the process started.
func (runner) Boot(_ context.Context, o runners.Options) (runners.Runtime, error) {
	m, err := find(o.Mode)
	if err != nil {
		return nil, err
	}
	rt := &machine{mode: m, policy: o.Policy, pages: limit.MaxPages}
	if o.Memory != 0 {
		rt.pages = limit.Pages(o.Memory)
	}
	return rt, nil
}

func find(name string) (mode, error) {
	for _, m := range modes {
		if m.name == name {
			return m, nil
		}
	}
	return mode{}, fmt.Errorf("wasmedge has no mode %q: %w", name, runners.ErrUnavailable)
}

// Sweep does nothing: whatever this runner makes ends with its process.
func (runner) Sweep(context.Context, string) error { return nil }
