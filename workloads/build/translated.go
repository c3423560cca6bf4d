package build

import (
	"context"
	"fmt"
	"os/exec"
	"path"
	"slices"
)

// wasm2cVersion is the one whose C and runtime guest/wasm2c is written for:
// every release has other names in both.
const wasm2cVersion = "1.0.32"

// wasm2cRuntime is where Debian's package puts the runtime's sources.
const wasm2cRuntime = "/usr/src/wasm2c"

// translatedRecipe makes the executable of a language that has no native
// compiler: the committed module, translated to C and compiled as C is.
func (b *Builder) translatedRecipe(ctx context.Context, o order) (recipe, error) {
	module := path.Join(Folder, o.Name, o.language, o.Name+".wasm")
	if err := findWasm2c(ctx); err != nil {
		return recipe{}, err
	}
	tools, err := b.cTools(ctx, o.kind)
	if err != nil {
		return recipe{}, err
	}
	p, err := b.cProgram(o, path.Join(Folder, "guest", "wasm2c"))
	if err != nil {
		return recipe{}, err
	}
	// An assertion that fails would say where the source was.
	p.flags = append(p.flags, "-DNDEBUG")
	p.paths = append(p.paths, "-isystem", wasm2cRuntime)
	r := p.recipe(o, tools)
	r.inputs = append(r.inputs, module, wasm2cRuntime+"/wasm-rt-impl.c")
	r.toolchain = fmt.Sprintf("wasm2c %s of the module by %s, %s", wasm2cVersion, o.modules[o.language].Toolchain, r.toolchain)
	r.steps = func(dir string) []step {
		source := dir + "/workload.c"
		whole := p
		whole.paths = append(slices.Clip(p.paths), "-isystem", dir)
		whole.foreign = append(slices.Clip(p.foreign), source)
		translate := step{args: []string{"wasm2c", "-n", "workload", module, "-o", source}}
		return append([]step{translate}, whole.recipe(o, tools).steps(dir)...)
	}
	return r, nil
}

func findWasm2c(ctx context.Context) error {
	const advice = "Debian 12: apt-get install wabt, or run scripts/setup-debian.sh"
	if _, err := exec.LookPath("wasm2c"); err != nil {
		return unavailable("wasm2c %s is missing (%s)", wasm2cVersion, advice)
	}
	version, err := output(ctx, "", "wasm2c", "--version")
	if err != nil {
		return brokenTool(ctx, "wasm2c does not work here (%v)", err)
	}
	if version != wasm2cVersion || !exists(wasm2cRuntime) {
		return unavailable("wasm2c is %s here, wanted is %s with %s (%s)", version, wasm2cVersion, wasm2cRuntime, advice)
	}
	return nil
}
