package build

import (
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"edgebench/runners"
	"edgebench/runners/image"
)

// Images have two layers: a base of Debian's packages (see debian.go), which one from
// scratch has not, and on it what a Dockerfile would copy there. Their command serves frames, on the socket
// whose path is its argument, and works in the root folder.

// imagePath is what images for Debian set.
const imagePath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// onDebian is the recipe of images of what another makes: a static executable
// on a base that it has no need of, as many are deployed.
func onDebian(plain maker) maker {
	return func(ctx context.Context, b *Builder, o order) (recipe, error) {
		bottom, err := b.findBase(debianBase)
		if err != nil {
			return recipe{}, err
		}
		o.language, o.kind = base(o.language), runners.Native
		from, err := plain(ctx, b, o)
		if err != nil {
			return recipe{}, err
		}
		r := from
		r.check = nil
		config := v1.Config{Env: []string{imagePath}, Entrypoint: []string{"/" + o.Name}}
		err = r.becomeImage(o, bottom, config, func(folder string) ([]copied, error) {
			built, err := from.made(folder)
			if err != nil {
				return nil, err
			}
			return []copied{{built, o.Name, 0o755}}, nil
		})
		return r, err
	}
}

// interpreted is a language whose programs are copied into an image as they
// are: all files of the workload's folder and of the kit. The one that is named
// after the workload is run.
type interpreted struct {
	base        debianPackages
	suffix      string // of its files
	interpreter string
	variables   []string
}

// appFolder is where an image has an interpreted program.
const appFolder = "app"

var javascript = interpreted{
	base: javascriptBase, suffix: ".js", interpreter: "/usr/bin/node",
	variables: []string{"NODE_ENV=production", "NODE_PATH=/" + appFolder},
}

// Without its variable each container would compile the program into files that
// go with it.
var python = interpreted{
	base: pythonBase, suffix: ".py", interpreter: "/usr/bin/python3",
	variables: []string{"PYTHONDONTWRITEBYTECODE=1"},
}

func (l interpreted) recipe(_ context.Context, b *Builder, o order) (r recipe, err error) {
	bottom, err := b.findBase(l.base)
	if err != nil {
		return r, err
	}
	if r.inputs, err = filesIn(b.root, l.suffix, path.Join(Folder, o.Name, o.language), path.Join(Folder, "guest", o.language)); err != nil {
		return r, err
	}
	r.file = o.Name
	r.steps = func(string) []step { return nil }
	config := v1.Config{
		Env:        append([]string{imagePath}, l.variables...),
		Entrypoint: []string{l.interpreter, "/" + path.Join(appFolder, o.Name+l.suffix)},
	}
	var program []copied
	for _, name := range r.inputs {
		program = append(program, copied{filepath.Join(b.root, filepath.FromSlash(name)), path.Join(appFolder, path.Base(name)), 0o644})
	}
	err = r.becomeImage(o, bottom, config, func(string) ([]copied, error) { return program, nil })
	return r, err
}

// copied is a file that goes into an image.
type copied struct {
	from, to string
	mode     int64
}

// becomeImage makes a recipe one of an image on a base, of which the rest is
// the workload's files and what is made of what the steps leave in the folder.
func (r *recipe) becomeImage(o order, bottom foundBase, config v1.Config, program func(folder string) ([]copied, error)) error {
	config.WorkingDir = "/"
	r.file += ".tar"
	r.toolchain = joined(r.toolchain, bottom.about)
	r.settings += fmt.Sprintf(" %s %q %q", bottom.sum, config.Env, config.Entrypoint)
	files, err := filesOf(o.Workload)
	if err != nil {
		return err
	}
	for _, f := range files {
		r.inputs = append(r.inputs, f.from)
	}
	r.compose = func(folder string) error {
		made, err := program(folder)
		if err == nil {
			err = writeImage(filepath.Join(folder, r.file), bottom, config, slices.Concat(made, files))
		}
		if err != nil {
			return fmt.Errorf("compose the image: %w", err)
		}
		return nil
	}
	return nil
}

// made gives the path of what the steps have left in the folder, which is checked.
func (r *recipe) made(folder string) (string, error) {
	path := filepath.Join(folder, r.file)
	if r.check == nil {
		return path, nil
	}
	return path, r.check(path)
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

// filesOf are the workload's own, for the root folder.
func filesOf(w Workload) ([]copied, error) {
	if w.Files == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(w.Files)
	if err != nil {
		return nil, fmt.Errorf("read the workload's files: %w", err)
	}
	var files []copied
	for _, e := range entries {
		files = append(files, copied{filepath.Join(w.Files, e.Name()), e.Name(), 0o444})
	}
	return files, nil
}

// writeImage writes the archive of an image: files on a base, which may be none.
func writeImage(path string, bottom foundBase, config v1.Config, files []copied) error {
	var layers []image.Layer
	if bottom.layer != "" {
		low, err := os.Open(bottom.layer)
		if err != nil {
			return err
		}
		defer low.Close()
		lower, err := image.OpenLayer(low)
		if err != nil {
			return err
		}
		layers = append(layers, lower)
	}
	upper, err := layerOf(files)
	if err != nil {
		return err
	}
	made, err := image.New(config, append(layers, upper)...)
	if err != nil {
		return err
	}
	shipped, err := made.Ship("edgebench", "workload")
	if err != nil {
		return err
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	archive := shipped.Reader()
	defer archive.Close()
	if _, err := io.Copy(out, archive); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

func layerOf(files []copied) (image.Layer, error) {
	tree := image.NewTree(0)
	made := map[string]bool{".": true}
	for _, f := range files {
		if dir := path.Dir(f.to); !made[dir] {
			made[dir] = true
			tree.Dir(dir)
		}
		b, err := os.ReadFile(f.from)
		if err != nil {
			return image.Layer{}, err
		}
		tree.File(f.to, f.mode, b)
	}
	return tree.Layer()
}
