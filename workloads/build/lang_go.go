package build

import (
	"context"
	"fmt"
	"os/exec"
	"path"
	"runtime"
	"strings"

	"edgebench/runners"
	"edgebench/runners/elf"
	"edgebench/runners/source"
)

// goToolchain is what there is of Go: its version, and the settings that a
// user may have made which change what it builds.
type goToolchain struct{ version, settings string }

func findGo(ctx context.Context, root string) (goToolchain, error) {
	if !source.HasSources(root) {
		return goToolchain{}, unavailable("Go workloads are built from source and %s has none: run inside a clone of edgebench", root)
	}
	if _, err := exec.LookPath("go"); err != nil {
		return goToolchain{}, unavailable("there is no Go toolchain: install Go 1.26 or later (https://go.dev/dl)")
	}
	said, err := output(ctx, root, "go", "env", "GOVERSION", "GOFLAGS", "GOEXPERIMENT", "GOAMD64", "GOARM64", "GOARM", "GOWASM")
	if err != nil {
		return goToolchain{}, brokenTool(ctx, "the Go toolchain does not work here: %v", err)
	}
	version, settings, _ := strings.Cut(said, "\n")
	return goToolchain{version, settings}, nil
}

func goRecipe(ctx context.Context, b *Builder, o order) (recipe, error) {
	tools, err := b.tools.gc.get(func() (goToolchain, error) { return findGo(ctx, b.root) })
	if err != nil {
		return recipe{}, err
	}
	folder := path.Join(Folder, o.Name, "go")
	inputs, err := filesBelow(b.root, ".go", folder, path.Join(Folder, "guest"))
	if err != nil {
		return recipe{}, err
	}
	r := recipe{
		file: o.Name, toolchain: tools.version, settings: tools.settings,
		inputs: append(inputs, "go.mod", "go.sum"),
	}
	// A workspace of the user's around the clone must not change what is built.
	env := []string{"CGO_ENABLED=0", "GOWORK=off"}
	flags := []string{"go", "build", "-trimpath", "-buildvcs=false"}
	if o.kind == runners.Wasm {
		r.file += ".wasm"
		env = append(env, "GOOS=wasip1", "GOARCH=wasm")
		flags = append(flags, "-buildmode=c-shared")
	} else {
		env = append(env, "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
		r.nativeFile()
	}
	r.flags = strings.Join(flags[2:], " ")
	r.steps = func(dir string) []step {
		return []step{{args: append(flags[:len(flags):len(flags)], "-o", dir+"/"+r.file, "./"+folder), env: env}}
	}
	return r, nil
}

// nativeFile makes the recipe one of an executable for this machine.
func (r *recipe) nativeFile() {
	switch runtime.GOOS {
	case "windows":
		r.file += ".exe"
	case "linux":
		r.check = elf.CheckStatic
	}
}

// output runs a tool for what it says on stdout, trimmed.
func output(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}
