package build

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"edgebench/runners"
)

// A component is a module that follows the canonical ABI of a world, with the types
// of that world around it. The kits of C and Rust write that ABI by hand; jco adds
// the types. A module that imports WASI preview 1 gets jco's adapter beside it, which is
// a part of the tools as the libc is.

// Of the kit: what pins the tools, the script that calls them, and the types.
const (
	componentKit    = Folder + "/guest/component"
	componentScript = componentKit + "/component.mjs"
	componentTypes  = componentKit + "/wit/handler.wit"
	componentWorld  = "handler"
)

var componentInputs = []string{componentKit + "/package-lock.json", componentScript, componentTypes}

// wrapperProgram makes components.
type wrapperProgram struct{ version, engine, packages string }

func (b *Builder) findWrapper(ctx context.Context) (w wrapperProgram, err error) {
	if w.packages, err = b.installPackages(ctx, componentKit); err != nil {
		return w, fmt.Errorf("find what makes components: %w", err)
	}
	for _, p := range []struct {
		name    string
		version *string
	}{{"jco", &w.version}, {"componentize-js", &w.engine}} {
		version, err := npmVersion(filepath.Join(w.packages, "@bytecodealliance", p.name))
		if err != nil {
			return w, fmt.Errorf("read the version of %s: %w", p.name, err)
		}
		*p.version = p.name + " " + version
	}
	return w, nil
}

func (b *Builder) wrapper(ctx context.Context) (wrapperProgram, error) {
	return b.tools.wrapper.get(func() (wrapperProgram, error) { return b.findWrapper(ctx) })
}

// step calls the kit's script.
func (w wrapperProgram) step(args ...string) step {
	return step{args: slices.Concat([]string{"node", componentScript, w.packages}, args), env: []string{"NODE_OPTIONS="}}
}

// componentFile is the name of a component whose module is called that.
func componentFile(module string) string {
	return strings.TrimSuffix(module, ".wasm") + "-component.wasm"
}

// wrapped is the recipe of components of what another makes.
func wrapped(plain maker) maker {
	return func(ctx context.Context, b *Builder, o order) (recipe, error) {
		wrapper, err := b.wrapper(ctx)
		if err != nil {
			return recipe{}, err
		}
		o.language = base(o.language)
		from, err := plain(ctx, b, o)
		if err != nil {
			return recipe{}, err
		}
		r := from
		r.file = componentFile(from.file)
		r.toolchain += ", " + wrapper.version
		r.inputs = append(slices.Clone(from.inputs), componentInputs...)
		r.steps = func(dir string) []step {
			return append(from.steps(dir), wrapper.step(dir+"/"+r.file, "wrap", componentTypes, componentWorld, dir+"/"+from.file))
		}
		return r, nil
	}
}

// composedText is the outer component of a composed workload, in its folder, and part
// stands in it for a component: of the workload's own C, or of another workload in a
// language.
const composedText = "outer.wat"

var part = regexp.MustCompile(`\(component \$([a-z]+)(?:-([a-z]+))?\)`)

// composedRecipe joins components of several languages into one. The part without a
// language is a filter in C, whose next workload is another part.
func composedRecipe(ctx context.Context, b *Builder, o order) (recipe, error) {
	wrapper, err := b.wrapper(ctx)
	if err != nil {
		return recipe{}, err
	}
	tools, err := b.cTools(ctx, o.kind)
	if err != nil {
		return recipe{}, err
	}
	folder := path.Join(Folder, o.Name, o.language)
	p, err := b.cProgram(o, folder)
	if err != nil {
		return recipe{}, err
	}
	text, err := readBounded(filepath.Join(b.root, filepath.FromSlash(folder), composedText), maxManifest)
	if err != nil {
		return recipe{}, err
	}
	from := p.recipe(o, tools)
	r := from
	r.file = componentFile(from.file)
	r.toolchain += ", " + wrapper.version
	r.inputs = slices.Concat(from.inputs, componentInputs, []string{folder + "/" + composedText})
	var others []string
	own := ""
	for _, m := range part.FindAllSubmatch(text, -1) {
		name, language := string(m[1]), string(m[2])
		if language == "" {
			own = name
			continue
		}
		others = append(others, path.Join(Folder, name, language, name+"-component.wasm"))
	}
	r.inputs = append(r.inputs, others...)
	r.steps = func(dir string) []step {
		filter := dir + "/" + own + ".wasm"
		return append(from.steps(dir),
			wrapper.step(filter, "wrap", componentTypes, "filter", dir+"/"+from.file),
			wrapper.step(slices.Concat([]string{dir + "/" + r.file, "compose", folder + "/" + composedText, filter}, others)...))
	}
	return r, nil
}

// javascriptComponent is the recipe of components of JavaScript: one ES module of
// the kit and of the workload's files, and the engine that runs it.
func javascriptComponent(ctx context.Context, b *Builder, o order) (recipe, error) {
	wrapper, err := b.wrapper(ctx)
	if err != nil {
		return recipe{}, err
	}
	kit, folder := path.Join(Folder, "guest", "javascript"), path.Join(Folder, o.Name, "javascript")
	sources, err := filesIn(b.root, ".js", kit, folder)
	if err != nil {
		return recipe{}, err
	}
	sources = append(slices.DeleteFunc(sources, func(file string) bool { return file == kit+"/guest.js" }), componentKit+"/guest.js", workerKit+"/bytes.js")
	r := recipe{
		file: componentFile(o.Name), toolchain: wrapper.engine,
		inputs: append(slices.Clone(sources), componentInputs...),
	}
	r.steps = func(dir string) []step {
		return []step{wrapper.step(slices.Concat([]string{dir + "/" + r.file, "javascript", componentTypes, componentWorld, o.Name}, sources)...)}
	}
	return r, nil
}

// Command gives the file of a component that does what a module does which is a
// command of WASI preview 1. The module's path is absolute.
func (b *Builder) Command(ctx context.Context, module string) (string, error) {
	wrapper, err := b.wrapper(ctx)
	if err != nil {
		return "", err
	}
	r := recipe{
		file: componentFile(filepath.Base(module)), toolchain: wrapper.version,
		inputs: []string{filepath.ToSlash(module), componentKit + "/package-lock.json", componentScript},
	}
	r.steps = func(dir string) []step {
		return []step{wrapper.step(dir+"/"+r.file, "command", filepath.ToSlash(module))}
	}
	a := runners.Artefact{Kind: runners.Component}
	if err := b.cache.get(ctx, b.root, r, &a); err != nil {
		return "", fmt.Errorf("make a component of %s: %w", filepath.Base(module), err)
	}
	return a.Path, nil
}
