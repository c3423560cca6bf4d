package build

import (
	"context"
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"

	"edgebench/runners"
	"edgebench/runners/elf"
)

// Twin builds the static executable of a workload in Go or C for Linux on another
// architecture, which Go names, into an empty folder. What it makes is not kept in the
// cache, so that each call takes as long as a build does. An error wraps
// runners.ErrUnavailable where there is no compiler for the architecture.
func (b *Builder) Twin(ctx context.Context, w Workload, language, arch, folder string) (executable string, err error) {
	fail := func(err error) (string, error) {
		return "", fmt.Errorf("build %s in %s for linux/%s: %w", w.Name, language, arch, err)
	}
	if err := w.comes(language, runners.Native); err != nil {
		return fail(err)
	}
	r, err := b.twinRecipe(ctx, order{w, language, runners.Native}, arch)
	if err != nil {
		return fail(err)
	}
	for _, s := range r.steps(filepath.ToSlash(folder)) {
		if language == "go" {
			s.env = append(s.env, "GOOS=linux", "GOARCH="+arch)
		}
		if err := s.run(ctx, b.root); err != nil {
			return fail(err)
		}
	}
	executable = filepath.Join(folder, r.file)
	made, err := elf.Machine(executable)
	if err == nil && made != arch {
		err = fmt.Errorf("the executable is for %s: %w", made, runners.ErrMalformed)
	}
	if err != nil {
		return fail(err)
	}
	return executable, nil
}

// twinRecipe is the recipe of an architecture.
func (b *Builder) twinRecipe(ctx context.Context, o order, arch string) (recipe, error) {
	switch o.language {
	case "go":
		return goRecipe(ctx, b, o)
	case "c":
		tools, err := crossC(ctx, b, arch)
		if err != nil {
			return recipe{}, err
		}
		p, err := b.cProgram(o, path.Join(Folder, o.Name, "c"))
		if err != nil {
			return recipe{}, err
		}
		return p.recipe(o, tools), nil
	}
	return recipe{}, unavailable("twins are built of Go and C alone")
}

// crossC is the C compiler for an architecture: this machine's own, or Debian's
// cross compiler for arm64 with its static libc.
func crossC(ctx context.Context, b *Builder, arch string) (cToolchain, error) {
	if arch == runtime.GOARCH {
		return b.cTools(ctx, runners.Native)
	}
	const cross = "aarch64-linux-gnu-gcc"
	if arch != "arm64" {
		return cToolchain{}, unavailable("there is no C compiler for linux/%s", arch)
	}
	if _, err := exec.LookPath(cross); err != nil {
		return cToolchain{}, unavailable("%s is missing (Debian: apt-get install gcc-aarch64-linux-gnu, or run scripts/setup-debian.sh)", cross)
	}
	version, err := firstLine(ctx, cross, "--version")
	return cToolchain{version: version, gcc: true, compile: []string{cross}, link: []string{cross, "-static"}}, err
}
