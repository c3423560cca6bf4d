package client

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"slices"

	"edgebench/runners"
)

// Platform is a machine other than this one on which an agent can run all the same:
// another architecture or an older processor, by an emulator in user mode (Debian's
// package qemu-user), or natively where this processor has the architecture too.
type Platform struct {
	// Name is Go's operating system and architecture, and the processor's name where
	// it is not the default, with dashes between.
	Name string
	// Arch is Go's architecture.
	Arch string
	// emulator is the command that runs an executable; nil for none.
	emulator []string
	// compiler is the C compiler for agents that need cgo, "" where there is none.
	compiler string
}

// Emulated says whether an emulator runs the agent.
func (p Platform) Emulated() bool { return len(p.emulator) > 0 }

// Platforms lists the platforms that agents are run on beside this machine, which is
// Linux on amd64 for all of them.
func Platforms() []Platform {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return nil
	}
	return []Platform{
		{Name: "linux-amd64-nehalem", Arch: "amd64", emulator: []string{"qemu-x86_64", "-cpu", "Nehalem"}},
		{Name: "linux-386", Arch: "386"},
		{Name: "linux-arm64", Arch: "arm64", emulator: []string{"qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"}, compiler: "aarch64-linux-gnu-gcc"},
		{Name: "linux-riscv64", Arch: "riscv64", emulator: []string{"qemu-riscv64"}},
		{Name: "linux-s390x", Arch: "s390x", emulator: []string{"qemu-s390x"}},
	}
}

// FindPlatform gives the platform of a name.
func FindPlatform(name string) (Platform, error) {
	i := slices.IndexFunc(Platforms(), func(p Platform) bool { return p.Name == name })
	if i < 0 {
		return Platform{}, fmt.Errorf("the platform %q cannot be had on %s/%s: %w", name, runtime.GOOS, runtime.GOARCH, runners.ErrUnavailable)
	}
	return Platforms()[i], nil
}

// Executable builds a runner's agent for the platform. An error that wraps
// ErrUnavailable names what is missing.
func (p Platform) Executable(ctx context.Context, root string, e runners.Entry) (string, error) {
	if why := e.NoLibrary[p.Arch]; why != "" {
		return "", unavailable(e, why)
	}
	if p.Emulated() {
		if _, err := exec.LookPath(p.emulator[0]); err != nil {
			return "", unavailable(e, p.emulator[0]+" is not installed: scripts/setup-debian.sh installs it (package qemu-user)")
		}
	}
	if p.Arch == runtime.GOARCH {
		return Executable(ctx, root, e)
	}
	if _, err := exec.LookPath("go"); err != nil {
		return "", unavailable(e, "its agent for "+p.Name+" must be built and there is no Go toolchain: install Go 1.26 or later")
	}
	t := target{arch: p.Arch}
	if e.Cgo {
		if p.compiler == "" {
			return "", unavailable(e, "it needs cgo, and there is no C compiler for "+p.Name)
		}
		if _, err := exec.LookPath(p.compiler); err != nil {
			return "", unavailable(e, p.compiler+" is not installed: scripts/setup-debian.sh installs it")
		}
		t.compiler = p.compiler
	}
	return build(ctx, root, e, t)
}

// Start starts an agent's executable, under the emulator where there is one.
func (p Platform) Start(path string) (*Agent, error) {
	return launch(append(slices.Clone(p.emulator), path))
}
