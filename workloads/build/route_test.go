package build_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// Both engines find the same route and the same groups in requests that nobody
// wrote, and every route is found.
func TestRoutesAgree(t *testing.T) {
	t.Parallel()
	w, builds := allBuilds(t, "route")
	m := newMutator(w)
	kind := regexp.MustCompile(`^(?:route [a-z-]+|no route|bad request: [a-z ]+)\n`)
	seen := make(map[string]int)
	for range rounds {
		if request := m.request(); len(request) > 0 {
			seen[string(kind.Find(ask(t, builds, request)))]++
		}
	}
	kinds := []string{"no route\n"}
	for _, reason := range []string{"no end of head", "bad request line", "too many fields", "bad field", "bad host"} {
		kinds = append(kinds, "bad request: "+reason+"\n")
	}
	names := regexp.MustCompile(`(?m)^    ([a-z-]+)\n        \^`).FindAllStringSubmatch(w.Rules, -1)
	if len(names) != 50 {
		t.Errorf("the rules list %d routes", len(names))
	}
	for _, name := range names {
		kinds = append(kinds, "route "+name[1]+"\n")
	}
	for _, kind := range kinds {
		if seen[kind] == 0 {
			t.Errorf("no answer %q among %v", kind, seen)
		}
	}
	if len(seen) != len(kinds) {
		t.Errorf("answers %v, %d kinds are known", seen, len(kinds))
	}
}

// A snapshot has been initialised: it has no export for that, and all else
// that the plain module exports.
func TestSnapshotsAreInitialised(t *testing.T) {
	list, builder := open(t)
	w := find(t, list, "route")
	for _, language := range []string{"rust", "go"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			var exports [2][]string
			for i, name := range []string{language, language + "+snapshot"} {
				_, compiled := compile(t, wazero.NewRuntimeConfigInterpreter(), mustBuild(t, builder, w, name, runners.Wasm))
				for export := range compiled.ExportedFunctions() {
					exports[i] = append(exports[i], export)
				}
				slices.Sort(exports[i])
			}
			if want := []string{abi.Initialise, abi.Alloc, abi.Handle}; !slices.Equal(exports[0], want) {
				t.Errorf("the plain module exports %q, want %q", exports[0], want)
			}
			if want := []string{abi.Alloc, abi.Handle}; !slices.Equal(exports[1], want) {
				t.Errorf("the snapshot exports %q, want %q", exports[1], want)
			}
		})
	}
}

// What a snapshot is for: an instance is there sooner than by compiling fifty
// patterns. In the interpreter both compile soon, and the start is a thousand
// times the copy of a few MB.
func TestSnapshotStartsSooner(t *testing.T) {
	t.Parallel()
	list, builder := open(t)
	w := find(t, list, "route")
	start := func(language string) time.Duration {
		runtime, compiled := compile(t, wazero.NewRuntimeConfigInterpreter(), mustBuild(t, builder, w, language, runners.Wasm))
		before := runners.Now()
		_, err := runtime.InstantiateModule(t.Context(), compiled, wazero.NewModuleConfig().WithStartFunctions(abi.Initialise))
		if err != nil {
			t.Fatalf("%s: %v", language, err)
		}
		return runners.Now() - before
	}
	plain, snapshot := start("rust"), start("rust+snapshot")
	if snapshot > plain/2 {
		t.Errorf("a snapshot starts in %v, the plain module in %v", snapshot, plain)
	}
	t.Logf("the plain module starts in %v, its snapshot in %v", plain, snapshot)
}
