package workerd

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"edgebench/runners"
	"edgebench/runners/internal/binary"
	"edgebench/runners/internal/limit"
	"edgebench/runners/wasmfile"
)

// The scripts that workers are made of.
var (
	//go:embed worker/dispatcher.js
	dispatcherScript []byte
	//go:embed worker/reactor.js
	reactorScript []byte
	//go:embed worker/command.js
	commandScript []byte
	//go:embed worker/script.js
	scriptScript []byte
	//go:embed worker/ending.js
	endingScript []byte
	//go:embed worker/host.js
	hostScript []byte
	//go:embed worker/nohost.js
	noHostScript []byte
)

// kind is what workerd makes of a module of a worker.
type kind string

// The kinds, as the worker loader names them.
const (
	kindScript kind = "js"
	kindWasm   kind = "wasm"
	kindData   kind = "data"
)

// module is one of the modules that a worker consists of.
type module struct {
	name string
	kind kind
	body []byte
}

// mainModule is the name of the module that a worker begins with.
const mainModule = "main.js"

// ending is the module that all workers import.
var ending = module{"ending.js", kindScript, endingScript}

// compatibilityDate is the day whose behaviour workers ask for.
const compatibilityDate = "2026-01-01"

// maxWorker bounds a worker's modules together, in bytes, as the worker loader does.
const maxWorker = 64 << 20

// bounds are those of the guests of a runtime.
type bounds struct {
	memory uint64          // of linear memory, in bytes; 0 is no bound
	policy *runners.Policy // nil for none
}

// files is the folder that guests may read, "" for none.
func (b bounds) files(a runners.Artefact) string {
	if b.policy != nil {
		return b.policy.ReadOnly()
	}
	return a.Files
}

// variables are those of guests.
func (b bounds) variables() []string {
	if b.policy == nil {
		return nil
	}
	return b.policy.Environment
}

// worker makes the modules of an artefact's worker.
func worker(a runners.Artefact, b bounds) ([]module, error) {
	if err := runners.RefuseUse(a.Use); err != nil {
		return nil, err
	}
	list, err := modulesOf(a, b)
	if err != nil {
		return nil, err
	}
	size := 0
	for _, m := range list {
		size += len(m.body)
	}
	if size > maxWorker {
		return nil, fmt.Errorf("the worker has %d bytes, workerd takes at most %d: %w: %w", size, maxWorker, runners.ErrUnavailable, runners.ErrTooLarge)
	}
	return list, nil
}

func modulesOf(a runners.Artefact, b bounds) ([]module, error) {
	switch a.Kind {
	case runners.Script:
		return scriptWorker(a, b.memory)
	case runners.Wasm, "":
		return wasmWorker(a, b)
	}
	return nil, fmt.Errorf("workerd takes no artefact of the kind %q: %w", a.Kind, runners.ErrUnavailable)
}

func scriptWorker(a runners.Artefact, memory uint64) ([]module, error) {
	if a.Interface != runners.Frames {
		return nil, fmt.Errorf("a program in JavaScript does not support the interface %q: %w", a.Interface, runners.ErrUnavailable)
	}
	if memory != 0 {
		return nil, fmt.Errorf("workerd does not limit the memory of JavaScript: %w", runners.ErrUnavailable)
	}
	text, err := readScript(a.Path)
	if err != nil {
		return nil, err
	}
	return []module{{mainModule, kindScript, scriptScript}, ending, {"program.js", kindScript, text}}, nil
}

// readScript reads a program in JavaScript.
func readScript(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the program: %w", err)
	}
	if info.Size() > maxWorker {
		return nil, fmt.Errorf("program %s has %d bytes, at most %d are read: %w", path, info.Size(), maxWorker, runners.ErrTooLarge)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the program: %w", err)
	}
	return text, nil
}

func wasmWorker(a runners.Artefact, b bounds) ([]module, error) {
	code, err := wasmfile.ReadFor(a.Path, a.Interface)
	if err != nil {
		return nil, err
	}
	if err := wasmfile.Check(code, a.Interface); err != nil {
		return nil, err
	}
	if b.memory != 0 {
		if code, err = limit.Memory(code, limit.Pages(b.memory)); err != nil {
			return nil, fmt.Errorf("limit its memory: %w", err)
		}
	}
	shell := reactorScript
	if a.Interface == runners.Stdio {
		shell = commandScript
	}
	list := []module{{mainModule, kindScript, shell}, ending, {"guest.wasm", kindWasm, code}}
	if !binary.HasImports(code) {
		return append(list, module{"host.js", kindScript, noHostScript}), nil
	}
	files, err := givenOf(b.files(a), b.variables())
	if err != nil {
		return nil, err
	}
	return append(append(list, module{"host.js", kindScript, hostScript}), files...), nil
}

// givenOf makes modules of the files of a guest, and one that names them and has its
// variables; folder is "" where there are no files.
func givenOf(folder string, variables []string) ([]module, error) {
	var list []module
	var imports, entries strings.Builder
	if folder != "" {
		found, err := os.ReadDir(folder)
		if err != nil {
			return nil, fmt.Errorf("read the guest's files: %w", err)
		}
		for i, f := range found {
			if !f.Type().IsRegular() {
				continue
			}
			body, err := os.ReadFile(filepath.Join(folder, f.Name()))
			if err != nil {
				return nil, fmt.Errorf("read the guest's files: %w", err)
			}
			name, err := json.Marshal(f.Name())
			if err != nil {
				return nil, fmt.Errorf("name the guest's file %q: %w", f.Name(), err)
			}
			list = append(list, module{fmt.Sprintf("file%d", i), kindData, body})
			fmt.Fprintf(&imports, "import f%d from \"file%d\";\n", i, i)
			fmt.Fprintf(&entries, "\t[%s, new Uint8Array(f%d)],\n", name, i)
		}
	}
	texts, err := json.Marshal(append([]string{}, variables...))
	if err != nil {
		return nil, fmt.Errorf("write the guest's variables: %w", err)
	}
	text := imports.String() + "export const files = new Map([\n" + entries.String() + "]);\n" +
		fmt.Sprintf("export const hasFolder = %t;\nexport const variables = %s;\n", folder != "", texts)
	return append(list, module{"given.js", kindScript, []byte(text)}), nil
}
