//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/internal/limit"
	"edgebench/runners/source"
)

// mode is one way of getting machine code.
type mode struct {
	name string
	by   compiler
	// kept says that Prepare compiles and stores the code, and Load only
	// brings it back; otherwise each Load compiles.
	kept bool
	// metered says that a guest is stopped when it has used its points.
	metered bool
	// plain says that all is done in wasmer-go's own calls.
	plain bool
}

// points are what a guest in a metered mode may use in a call: a second or two of a
// loop. The longest request of a workload uses less than a quarter of it.
const points = 2_000_000_000

func (m mode) compilation() compilation {
	if m.metered {
		return compilation{m.by, points}
	}
	return compilation{by: m.by}
}

var modes = []mode{
	{name: "cranelift", by: cranelift},
	{name: "singlepass", by: singlepass},
	{name: "cranelift-aot", by: cranelift, kept: true},
	{name: "singlepass-aot", by: singlepass, kept: true},
	{name: "cranelift-aot-metering", by: cranelift, kept: true, metered: true},
	{name: "cranelift-aot-goapi", by: cranelift, kept: true, plain: true},
}

// New returns the runner for Wasmer.
func New() runners.Runner { return runner{} }

type runner struct{}

const library = "github.com/wasmerio/wasmer-go"

// release is that of the version in go.mod, by the module proxy's time. The library
// in it is some weeks older.
var release = runners.Release{Version: "v1.0.4", Day: "2021-08-12"}

// Check reports the version of the Go module and that of the library in it.
func (runner) Check(context.Context) (runners.Info, error) {
	version := source.Version(library)
	info := runners.Info{Version: "wasmer-go " + version + " (libwasmer " + libraryVersion() + ")", Released: release.Of(version)}
	for _, m := range modes {
		info.Modes = append(info.Modes, m.describe())
	}
	return info, nil
}

func (m mode) describe() runners.Mode {
	d := runners.Mode{
		Name:          m.name,
		Rungs:         results.Rungs(),
		Default:       m == modes[0],
		Unavailable:   m.unavailable(),
		Interruptible: m.metered,
		Confines:      !m.plain,
		Features:      m.by.features(),
		Settings: map[string]string{
			"code":            "compiled by each load",
			"compile_threads": compileThreads(),
			"engine":          "universal, one for each load",
			"calls":           "wasm_func_call through C",
			"metering":        "off",
			"memory":          "4 GiB reserved and a guard of 2 GiB for each instance",
			"wasi":            "the library's, output kept in memory, no input; a command's stdin and stdout are ours, in memory",
		},
	}
	if m.metered {
		d.Settings["metering"] = fmt.Sprintf("%d points a call, one for each instruction", points)
	}
	if m.plain {
		d.Settings["calls"] = "Function.Call of wasmer-go"
	}
	if m.kept {
		d.Settings["code"] = "stored by prepare; size and time stamp checked by each load, its SHA-256 by the harness before the trial"
	}
	return d
}

// unavailable is why the mode cannot be had, "" if it can.
func (m mode) unavailable() string {
	if m.by.available() {
		return ""
	}
	return "the linked libwasmer was built without this compiler: link the one that wasmer-go ships"
}

// compileThreads is how many threads the library's pool (rayon) compiles with.
func compileThreads() string {
	if n := os.Getenv("RAYON_NUM_THREADS"); n != "" {
		return n
	}
	return strconv.Itoa(runtime.NumCPU())
}

// Boot chooses a mode, and where Load will compile it starts the threads that
// the library does so with. The library itself was brought up by the dynamic
// linker when the process started; an engine belongs to a module.
func (runner) Boot(_ context.Context, o runners.Options) (runners.Runtime, error) {
	m, err := find(o.Mode)
	if err != nil {
		return nil, err
	}
	if !m.kept {
		if err := m.by.start(); err != nil {
			return nil, fmt.Errorf("boot wasmer in mode %s: start its compiler: %w", m.name, err)
		}
	}
	if m.plain {
		if err := runners.RefusePolicy(o); err != nil {
			return nil, err
		}
	}
	if o.Policy.IsHardened() {
		m.metered = true
	}
	rt := &machine{mode: m, policy: o.Policy, pages: limit.MaxPages}
	if o.Memory != 0 {
		rt.pages = limit.Pages(o.Memory)
	}
	return rt, nil
}

func find(name string) (mode, error) {
	for _, m := range modes {
		if m.name != name {
			continue
		}
		if why := m.unavailable(); why != "" {
			return m, fmt.Errorf("wasmer's mode %s is %w: %s", name, runners.ErrUnavailable, why)
		}
		return m, nil
	}
	return mode{}, fmt.Errorf("wasmer has no mode %q: %w", name, runners.ErrUnavailable)
}

// Sweep does nothing: whatever this runner makes ends with its process.
func (runner) Sweep(context.Context, string) error { return nil }
