package workloads

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"edgebench/runners"
	"edgebench/runners/source"
)

// ascFlags make modules without imports: abort, with a message that nobody
// hears, is a trap. What the runtime is chosen for is in the kit.
var ascFlags = []string{"--optimizeLevel", "3", "--shrinkLevel", "0", "--runtime", "minimal", "--use", "abort="}

const ascKit = Folder + "/guest/assemblyscript"

// ascToolchain compiles AssemblyScript.
type ascToolchain struct{ version, program string }

// findAsc installs the compiler that the kit pins into the folder of the
// fetched sources, unless it is there.
func (b *Builder) findAsc(ctx context.Context) (ascToolchain, error) {
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return ascToolchain{}, unavailable("%s is missing, on which the compiler of AssemblyScript runs (Debian: apt-get install nodejs npm)", tool)
		}
	}
	kit := filepath.Join(b.root, filepath.FromSlash(ascKit))
	sum, _, err := source.HashFile(filepath.Join(kit, "package-lock.json"))
	if err != nil {
		return ascToolchain{}, fmt.Errorf("read what pins the compiler of AssemblyScript: %w", err)
	}
	folder := filepath.Join(b.sources, "assemblyscript-"+sum[:12])
	if !exists(folder) {
		if err := b.installAsc(ctx, kit, folder); err != nil {
			return ascToolchain{}, fmt.Errorf("install the compiler of AssemblyScript: %w", err)
		}
	}
	modules := filepath.Join(folder, "node_modules")
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

// installAsc lets npm fetch the packages of the lock file and check them. The
// folder appears whole.
func (b *Builder) installAsc(ctx context.Context, kit, folder string) error {
	if err := os.MkdirAll(b.sources, 0o700); err != nil {
		return fmt.Errorf("make the folder of sources: %w", err)
	}
	scratch, err := os.MkdirTemp(b.sources, "fetching-")
	if err != nil {
		return fmt.Errorf("make a folder to install in: %w", err)
	}
	defer os.RemoveAll(scratch)
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join(kit, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(scratch, name), text, 0o600)
		}
		if err != nil {
			return fmt.Errorf("copy what pins the packages: %w", err)
		}
	}
	install := step{args: []string{"npm", "ci", "--prefix", scratch, "--ignore-scripts", "--no-audit", "--no-fund"}}
	if err := install.run(ctx, scratch); err != nil {
		return err
	}
	// Another process may have installed the same meanwhile.
	if err := os.Rename(scratch, folder); err != nil && !exists(folder) {
		return fmt.Errorf("keep what was installed: %w", err)
	}
	return nil
}

// npmVersion reads the version of an installed package.
func npmVersion(folder string) (string, error) {
	text, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err != nil {
		return "", err
	}
	var about struct{ Version string }
	if err := json.Unmarshal(text, &about); err != nil || !validVersion.MatchString(about.Version) {
		return "", fmt.Errorf("%s names no version", folder)
	}
	return about.Version, nil
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
