package build

import (
	"context"
	"path"
	"path/filepath"
	"runtime"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"edgebench/runners"
)

// hostProgram is the WASI host of images that hold a module.
const hostProgram = "host"

// inHost is the recipe of images of the module that another makes: from scratch, with
// a static WASI host beside it. It is how modules are deployed where only containers
// are.
func inHost(plain maker) maker {
	return func(ctx context.Context, b *Builder, o order) (recipe, error) {
		tools, err := b.tools.gc.get(func() (goToolchain, error) { return findGo(ctx, b.root) })
		if err != nil {
			return recipe{}, err
		}
		o.language, o.kind = base(o.language), runners.Wasm
		from, err := plain(ctx, b, o)
		if err != nil {
			return recipe{}, err
		}
		r := from
		r.check = nil
		sources, err := filesBelow(b.root, ".go", path.Join(Folder, "guest"))
		if err != nil {
			return recipe{}, err
		}
		for _, name := range append(sources, "go.mod", "go.sum") {
			if !slices.Contains(r.inputs, name) {
				r.inputs = append(r.inputs, name)
			}
		}
		r.toolchain = joined(from.toolchain, tools.version)
		r.settings += " " + tools.settings
		r.steps = func(dir string) []step { return append(from.steps(dir), hostStep(dir)) }
		err = r.becomeImage(o, foundBase{}, v1.Config{Entrypoint: []string{"/" + hostProgram}}, func(folder string) ([]copied, error) {
			built, err := from.made(folder)
			if err != nil {
				return nil, err
			}
			return []copied{{built, "module.wasm", 0o444}, {filepath.Join(folder, hostProgram), hostProgram, 0o755}}, nil
		})
		return r, err
	}
}

func hostStep(dir string) step {
	return step{
		args: []string{"go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", dir + "/" + hostProgram, "./" + path.Join(Folder, "guest", "host")},
		env:  []string{"CGO_ENABLED=0", "GOWORK=off", "GOOS=linux", "GOARCH=" + runtime.GOARCH},
	}
}
