package build

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"edgebench/runners"
)

// workerKit is that of workers. Components have its conversions too.
const workerKit = Folder + "/guest/worker"

// scriptOrImage makes a program in JavaScript either an image for Node.js or one module
// that is a worker.
func scriptOrImage(ctx context.Context, b *Builder, o order) (recipe, error) {
	if o.kind != runners.Script {
		return javascript.recipe(ctx, b, o)
	}
	const end = "worker.js"
	inputs, err := filesIn(b.root, javascript.suffix, path.Join(Folder, o.Name, o.language), workerKit)
	if err != nil {
		return recipe{}, err
	}
	// What reads requests is the same for both.
	inputs = append(inputs, path.Join(Folder, "guest", o.language, "httphead.js"))
	r := recipe{file: o.Name + javascript.suffix, inputs: inputs, flags: "one module, not minified"}
	r.steps = func(string) []step { return nil }
	r.compose = func(folder string) error {
		text, err := joinScripts(b.root, inputs, o.Name, path.Join(workerKit, end))
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, r.file), text, 0o600)
		}
		if err != nil {
			return fmt.Errorf("make one module: %w", err)
		}
		return nil
	}
	return r, nil
}

// require is how the joined files find each other. A file runs when it is first asked
// for.
const require = `const files = {};
const loaded = {};
function require(name) {
	const file = name.replace("./", "");
	if (!(file in loaded)) {
		const module = { exports: {} };
		loaded[file] = module;
		files[file](module);
	}
	return loaded[file].exports;
}
`

// joinScripts makes one module of files of CommonJS, which ends with the program's run and
// the last file.
func joinScripts(root string, files []string, program, last string) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(require)
	for _, f := range files {
		if f == last {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(f)))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, "files[%q] = (module) => {\n%s};\n", strings.TrimSuffix(path.Base(f), path.Ext(f)), text)
	}
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(last)))
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&out, "require(%q);\n%s", program, text)
	return out.Bytes(), nil
}
