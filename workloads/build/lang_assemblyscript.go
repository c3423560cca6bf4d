package build

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"edgebench/runners"
)

// ascFlags make modules without imports: abort, with a message that nobody
// hears, is a trap. What the runtime is chosen for is in the kit.
var ascFlags = []string{"--optimizeLevel", "3", "--shrinkLevel", "0", "--runtime", "minimal", "--use", "abort="}

const ascKit = Folder + "/guest/assemblyscript"

// ascToolchain compiles AssemblyScript.
type ascToolchain struct{ version, program string }

// findAsc installs the compiler that the kit pins.
func (b *Builder) findAsc(ctx context.Context) (ascToolchain, error) {
	modules, err := b.installPackages(ctx, ascKit)
	if err != nil {
		return ascToolchain{}, fmt.Errorf("find the compiler of AssemblyScript: %w", err)
	}
	t := ascToolchain{program: filepath.Join(modules, "assemblyscript", "bin", "asc.js")}
	for _, name := range []string{"assemblyscript", "binaryen"} {
		version, err := npmVersion(filepath.Join(modules, name))
		if err != nil {
			return ascToolchain{}, fmt.Errorf("read the version of %s: %w", name, err)
		}
		t.version += ", " + name + " " + version
	}
	t.version = strings.TrimPrefix(t.version, ", ")
	return t, nil
}

// assemblyScriptRecipe makes modules; the executable is the module translated
// to C, for want of a compiler that makes executables.
func assemblyScriptRecipe(ctx context.Context, b *Builder, o order) (recipe, error) {
	if o.kind != runners.Wasm {
		return b.translatedRecipe(ctx, o)
	}
	tools, err := b.tools.asc.get(func() (ascToolchain, error) { return b.findAsc(ctx) })
	if err != nil {
		return recipe{}, err
	}
	folder := path.Join(Folder, o.Name, "assemblyscript")
	inputs, err := filesIn(b.root, ".ts", ascKit, folder)
	if err != nil {
		return recipe{}, err
	}
	r := recipe{file: o.Name + ".wasm", toolchain: tools.version, inputs: append(inputs, ascKit+"/package-lock.json")}
	flags := slices.Concat(ascFlags, o.optionsOf(o.language).Flags)
	r.flags = strings.Join(flags, " ")
	r.steps = func(dir string) []step {
		args := slices.Concat([]string{"node", tools.program, folder + "/index.ts"}, flags, []string{"--outFile", dir + "/" + r.file})
		return []step{{args: args, env: []string{"NODE_OPTIONS="}}}
	}
	return r, nil
}
