package build

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// A snapshot is a module that has been initialised: wizer instantiates the
// plain module, calls its _initialize and writes another whose memory and
// globals begin as they were left, without an _initialize.

// wizerKit pins the program. Its packages are programs for one kind of machine
// each.
const (
	wizerKit     = Folder + "/guest/snapshot"
	wizerPackage = "@bytecodealliance/wizer-linux-x64"
)

// wizerFlags let a Go runtime ask for arguments, time and randomness while it
// starts, and show it nothing of ours.
var wizerFlags = []string{"--init-func=_initialize", "--allow-wasi", "--inherit-stdio=false"}

// wizerProgram takes snapshots.
type wizerProgram struct{ version, path string }

func (b *Builder) findWizer(ctx context.Context) (wizerProgram, error) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return wizerProgram{}, unavailable("snapshots are taken on Linux and amd64 alone, for which their tool is pinned")
	}
	modules, err := b.installPackages(ctx, wizerKit)
	if err != nil {
		return wizerProgram{}, fmt.Errorf("find what takes snapshots: %w", err)
	}
	folder := filepath.Join(modules, filepath.FromSlash(wizerPackage))
	version, err := npmVersion(folder)
	if err != nil {
		return wizerProgram{}, fmt.Errorf("read the version of wizer: %w", err)
	}
	return wizerProgram{"wizer " + version, filepath.Join(folder, "wizer")}, nil
}

// maker is a language's recipe.
type maker func(context.Context, *Builder, order) (recipe, error)

// snapshots is the recipe of snapshots of what another makes.
func snapshots(plain maker) maker {
	return func(ctx context.Context, b *Builder, o order) (recipe, error) {
		wizer, err := b.tools.wizer.get(func() (wizerProgram, error) { return b.findWizer(ctx) })
		if err != nil {
			return recipe{}, err
		}
		o.language = base(o.language)
		from, err := plain(ctx, b, o)
		if err != nil {
			return recipe{}, err
		}
		r := from
		r.file = strings.TrimSuffix(from.file, ".wasm") + "-snapshot.wasm"
		r.toolchain += ", " + wizer.version
		r.flags += " " + strings.Join(wizerFlags, " ")
		r.inputs = append(slices.Clone(from.inputs), wizerKit+"/package-lock.json")
		r.steps = func(dir string) []step {
			take := slices.Concat([]string{wizer.path}, wizerFlags, []string{dir + "/" + from.file, "-o", dir + "/" + r.file})
			return append(from.steps(dir), step{args: take})
		}
		return r, nil
	}
}
