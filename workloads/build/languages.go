package build

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"edgebench/runners"
)

// language is a row of the table of languages: what a manifest may list, and
// what a cell calls its language. The name is that of a language alone for its
// plain build, and has what sets another build apart after a plus sign.
type language struct {
	name string
	// kinds of artefact that it is built as.
	kinds []runners.Kind
	// committed: its modules are in the repository where they have no code of
	// third parties.
	committed bool
	// varies: no two builds give the same bytes, so that none is pinned. The
	// runtime of Go and the engine of JavaScript draw random numbers and read the
	// clock while they start, and a snapshot holds both.
	varies bool
	// recipe finds the tools and says how an artefact is made. Its error wraps
	// runners.ErrUnavailable where a tool or a source is missing.
	recipe maker
}

// order is what is to be built.
type order struct {
	Workload
	language string
	kind     runners.Kind
}

// base is a language without what sets a build apart.
func base(language string) string {
	name, _, _ := strings.Cut(language, "+")
	return name
}

// variant is what sets a build apart, "" for the plain one.
func variant(language string) string {
	_, apart, _ := strings.Cut(language, "+")
	return apart
}

// languages are all that a workload can be written in.
func languages() []language {
	wasm := []runners.Kind{runners.Wasm}
	both := []runners.Kind{runners.Wasm, runners.Native}
	components := []runners.Kind{runners.Component}
	images := []runners.Kind{runners.Image}
	return []language{
		{name: "c", kinds: both, committed: true, recipe: cRecipe},
		{name: "c+simd", kinds: both, committed: true, recipe: cRecipe},
		{name: "c+component", kinds: components, committed: true, recipe: wrapped(cRecipe)},
		{name: "c+debian", kinds: images, recipe: onDebian(cRecipe)},
		{name: "c+host", kinds: images, recipe: inHost(cRecipe)},
		{name: "cpp", kinds: both, committed: true, recipe: cppRecipe},
		{name: "assemblyscript", kinds: both, committed: true, recipe: assemblyScriptRecipe},
		{name: "go", kinds: both, recipe: goRecipe},
		{name: "go+debian", kinds: images, recipe: onDebian(goRecipe)},
		{name: "go+snapshot", kinds: wasm, recipe: snapshots(goRecipe), varies: true},
		{name: "rust", kinds: both, committed: true, recipe: rustRecipe},
		{name: "rust+component", kinds: components, committed: true, recipe: wrapped(rustRecipe)},
		{name: "rust+debian", kinds: images, recipe: onDebian(rustRecipe)},
		{name: "rust+host", kinds: images, recipe: inHost(rustRecipe)},
		{name: "rust+snapshot", kinds: wasm, recipe: snapshots(rustRecipe)},
		{name: "javascript", kinds: []runners.Kind{runners.Script, runners.Image}, recipe: scriptOrImage},
		{name: "composed", kinds: components, committed: true, recipe: composedRecipe},
		{name: "javascript+component", kinds: components, varies: true, recipe: javascriptComponent},
		{name: "python", kinds: images, recipe: python.recipe},
		{name: OwnLanguage, kinds: runners.Kinds()},
	}
}

func findLanguage(name string) (language, bool) {
	for _, l := range languages() {
		if l.name == name {
			return l, true
		}
	}
	return language{}, false
}

// Comes says whether builds of this name come as artefacts of this kind.
func Comes(name string, kind runners.Kind) bool {
	l, _ := findLanguage(name)
	return slices.Contains(l.kinds, kind)
}

// languageNames lists what the suite's own manifests may name.
func languageNames() []string {
	var names []string
	for _, l := range languages() {
		if l.name != OwnLanguage {
			names = append(names, l.name)
		}
	}
	return names
}

// recipe is all that decides the bytes of an artefact.
type recipe struct {
	// file is the artefact's name in its folder.
	file string
	// toolchain names what makes it, with exact versions, and flags those that
	// bear on the code; settings are whatever else of the tools' environment
	// bears on the outcome.
	toolchain, flags, settings string
	// inputs are the files that are read, absolute or below the suite's root,
	// with slashes.
	inputs []string
	// steps are run one after the other in the suite's root. The folder is
	// empty, and in the end recipe.file must be in it.
	steps func(folder string) []step
	// compose does the rest of the work in the folder; it may be nil.
	compose func(folder string) error
	// check looks at the file that was made; it may be nil.
	check func(path string) error
}

// step is one command.
type step struct {
	args []string
	env  []string // beyond our own
	// edit takes the place of a command: it rewrites the file that is the last
	// of args, whose others say what it does.
	edit func([]byte) ([]byte, error)
}

// toolchains remembers what was found out about the machine's tools, which
// takes some processes and does not change while a builder lives.
type toolchains struct {
	cc       memo[cToolchain]
	wasmCC   memo[cToolchain]
	gc       memo[goToolchain]
	rust     memo[rustToolchain]
	wasmRust memo[rustToolchain]
	wasmCxx  memo[cppToolchain]
	cxx      memo[cppToolchain]
	asc      memo[ascToolchain]
	wizer    memo[wizerProgram]
	wrapper  memo[wrapperProgram]
}

// memo keeps the first result without an error.
type memo[T any] struct {
	mu    sync.Mutex
	known bool
	value T
}

func (m *memo[T]) get(find func() (T, error)) (T, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known {
		return m.value, nil
	}
	value, err := find()
	if err == nil {
		m.value, m.known = value, true
	}
	return value, err
}

func unavailable(format string, args ...any) error {
	return fmt.Errorf("%w: %s", runners.ErrUnavailable, oneLine(fmt.Sprintf(format, args...)))
}

// brokenTool is unavailable for a tool that failed when it was asked for its
// version, unless it failed because nobody waits for it any more.
func brokenTool(ctx context.Context, format string, args ...any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return unavailable(format, args...)
}
