// Package runnertest is the conformance suite that every runner passes in
// every mode, and the benchmark that every runner shares.
//
// The guest is the workload `probe`, built for the runner like any other: one
// request is one operation (see workloads/probe). Effects of a guest on a whole
// process, such as an endless loop, are tested through the runner's agent.
//
// The guests in testdata, a command and a server, stand for third-party artefacts. A
// runner that does not support one refuses it in Prepare with ErrUnavailable, and
// the test is skipped with that reason.
package runnertest

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/source"
	"edgebench/workloads/build"
)

// Run passes a runner through the suite. A mode that is unavailable here is
// skipped with its reason.
func Run(t *testing.T, r runners.Runner, name string) {
	RunLike(t, r, name, func(string) Like { return Like{} })
}

// Like says of a mode what it shares with another one, which passes the whole suite.
type Like struct {
	// Mode is the other one, "" for a mode that is like no other. Both run the same
	// binary, or what the same compiler makes of a module, if with another option.
	Mode string
	// Setting says that both share all code of the runner too, and differ in a
	// setting alone.
	Setting bool
	// Slow says that this one takes minutes to compile large modules. It asks those
	// builds alone that are in the repository, which are small.
	Slow bool
}

// passed says whether a mode is the other one and is available, so that it passes
// the whole suite.
func (l Like) passed(m runners.Mode) bool { return m.Name == l.Mode && m.Unavailable == "" }

// RunLike is Run for a runner of whose modes some are like others. Such a mode asks
// each workload and each language, but not each in each.
// One that differs in a setting alone also passes only those cases that the setting
// may bear on. What is skipped says so.
func RunLike(t *testing.T, r runners.Runner, name string, like func(mode string) Like) {
	entry := find(t, name)
	info, err := r.Check(t.Context())
	if err != nil {
		t.Skipf("%s: %v", name, err)
	}
	if info.Version == "" || len(info.Modes) == 0 {
		t.Fatalf("Check gives version %q and %d modes", info.Version, len(info.Modes))
	}
	for _, mode := range info.Modes {
		if takes := entry.In(mode).Takes; slices.Contains(takes, runners.Component) == (runners.ModuleMode(mode.Name) == mode.Name) {
			t.Errorf("%s takes %v: the name of a mode that takes components, and of no other, begins as runners.ModuleMode says", mode.Name, takes)
		}
		t.Run(mode.Name, func(t *testing.T) {
			if mode.Unavailable != "" {
				t.Skip(mode.Unavailable)
			}
			s := &suite{runner: r, entry: entry.In(mode), mode: mode, guests: openGuests(t)}
			if l := like(mode.Name); slices.ContainsFunc(info.Modes, l.passed) {
				s.like = l
			}
			s.run(t)
		})
	}
	t.Run("unknown-mode", func(t *testing.T) {
		if rt, err := r.Boot(t.Context(), options(t, "no-such-mode")); err == nil {
			rt.Close()
			t.Fatal("Boot accepts a mode that does not exist")
		}
	})
}

func find(tb testing.TB, name string) runners.Entry {
	for _, e := range runners.Table() {
		if e.Name == name {
			return e
		}
	}
	tb.Fatalf("the table of runners has no %q", name)
	return runners.Entry{}
}

// suite is one runner in one mode.
type suite struct {
	runner runners.Runner
	entry  runners.Entry
	mode   runners.Mode
	guests *guests
	home   string // where strangers are built that several tests share
	like   Like
}

// settled are the cases whose outcome rests on code alone, and not on a setting
// such as the network.
var settled = []string{
	"many-requests", "many-instances", "goroutines", "trap", "lying-response", "memory-limit", "sizes", "malformed",
	"other-mode", "close-twice", "no-hidden-cache", "endless-loop", "sweep-of-nothing",
	"command-fails", "commands-together", "command-files", "command-use", "command-folders", "needy-modules", "baseline-loops",
}

func (s *suite) run(t *testing.T) {
	s.home = scratch(t)
	cases := []struct {
		name string
		test func(*testing.T, *suite)
	}{
		{"responses", responses},
		{"many-requests", manyRequests},
		{"many-instances", manyInstances},
		{"isolation", isolation},
		{"goroutines", goroutines},
		{"pooled", pooled},
		{"trap", trap},
		{"lying-response", lyingResponse},
		{"memory-limit", memoryLimit},
		{"sizes", sizes},
		{"malformed", malformed},
		{"other-mode", otherMode},
		{"close-twice", closeTwice},
		{"no-hidden-cache", noHiddenCache},
		{"endless-loop", endlessLoop},
		{"interrupted", interrupted},
		{"sweep-of-nothing", sweepOfNothing},
		{"command", command},
		{"command-fails", commandFails},
		{"commands-together", commandsTogether},
		{"command-files", commandFiles},
		{"command-use", commandUse},
		{"command-folders", commandFolders},
		{"needy-modules", needy},
		{"adapted-modules", adaptedModules},
		{"baseline-loops", baselineLoops},
		{"server", server},
		{"server-use", serverUse},
		{"server-that-fails", serverThatFails},
	}
	for _, c := range cases {
		if c.name == "interrupted" && !s.mode.Interruptible {
			continue // endless-loop covers guests that end with their agent alone
		}
		t.Run(c.name, func(t *testing.T) {
			if s.like.Setting && slices.Contains(settled, c.name) {
				t.Skipf("%s/%s does what %s does, which is asked", s.entry.Name, s.mode.Name, s.like.Mode)
			}
			leavesNothing(t)
			c.test(t, s)
		})
	}
}

// guests builds workloads.
type guests struct {
	root    string
	set     *build.Set
	builder *build.Builder
}

func openGuests(tb testing.TB) *guests {
	root, err := source.Root()
	if err != nil {
		tb.Fatal(err)
	}
	set, err := build.Open(root)
	if err != nil {
		tb.Fatal(err)
	}
	cache, err := source.CacheDir()
	if err != nil {
		tb.Fatal(err)
	}
	return &guests{root, set, build.NewBuilder(root, cache)}
}

// artefact builds one workload, or skips the test if a compiler is missing.
func (g *guests) artefact(tb testing.TB, workload, language string, kind runners.Kind) runners.Artefact {
	w, err := g.set.Find(workload)
	if err != nil {
		tb.Fatal(err)
	}
	built, err := g.builder.Build(tb.Context(), w, language, kind)
	if isUnavailable(err) {
		tb.Skip(err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return built.Artefact
}

// artefactFor builds one workload in the kind that the runner takes, or skips
// where this build comes in no such kind.
func (g *guests) artefactFor(tb testing.TB, workload, language string, e runners.Entry) runners.Artefact {
	for _, kind := range e.Takes {
		if build.Comes(language, kind) {
			return g.artefact(tb, workload, language, kind)
		}
	}
	tb.Skipf("%s takes nothing that %s is built as", e.Name, language)
	return runners.Artefact{}
}

// language is the one that needs least: modules and components are committed in C,
// binaries are made by the Go toolchain that runs this test.
func language(e runners.Entry) string {
	switch {
	case slices.Contains(e.Takes, runners.Wasm):
		return "c"
	case e.TakesWasm():
		return "c+component"
	}
	return "go"
}

// probe builds the suite's guest.
func (s *suite) probe(tb testing.TB) runners.Artefact {
	return s.guests.artefactFor(tb, "probe", language(s.entry), s.entry)
}

// ours marks scopes and folders of this process: other packages' tests run at
// the same time. It ends with a separator, so that no mark contains another one.
func ours() string { return "t" + strconv.Itoa(os.Getpid()) + "-" }

// scratch is a folder with a path short enough for a unix socket in it.
func scratch(tb testing.TB) string {
	dir, err := os.MkdirTemp("", "edgebench-"+ours())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Errorf("a folder can't be removed: %v", err)
		}
	})
	return dir
}

func options(tb testing.TB, mode string) runners.Options {
	dir := scratch(tb)
	scope := strings.TrimPrefix(filepath.Base(dir), "edgebench-")
	return runners.Options{Mode: mode, Scratch: dir, Scope: scope}
}

// boot starts the runtime, which ends with the test and then leaves nothing in
// its scratch folder.
func (s *suite) boot(tb testing.TB, memory uint64) runners.Runtime {
	o := options(tb, s.mode.Name)
	o.Memory = memory
	rt, err := s.runner.Boot(tb.Context(), o)
	if err != nil {
		tb.Fatalf("Boot: %v", err)
	}
	tb.Cleanup(func() {
		if err := rt.Close(); err != nil {
			tb.Errorf("Close of the runtime: %v", err)
		}
		left, err := os.ReadDir(o.Scratch)
		if err != nil || len(left) > 0 {
			tb.Errorf("the closed runtime left %d files in its scratch folder, such as %v (%v)", len(left), left, err)
		}
	})
	return rt
}

// load brings an artefact into memory in the way of all rungs.
func load(tb testing.TB, rt runners.Runtime, a runners.Artefact) runners.Loaded {
	l, err := rt.Load(tb.Context(), prepare(tb, rt, a), nil)
	if err != nil {
		tb.Fatalf("Load: %v", err)
	}
	tb.Cleanup(func() {
		if err := l.Close(); err != nil {
			tb.Errorf("Close of what was loaded: %v", err)
		}
	})
	return l
}

func prepare(tb testing.TB, rt runners.Runtime, a runners.Artefact) runners.Prepared {
	p, err := rt.Prepare(tb.Context(), a, scratch(tb), nil)
	if err != nil {
		tb.Fatalf("Prepare: %v", err)
	}
	removeAfter(tb, rt, p)
	return p
}

func removeAfter(tb testing.TB, rt runners.Runtime, p runners.Prepared) {
	if remover, ok := rt.(runners.Remover); ok {
		tb.Cleanup(func() {
			if err := remover.Remove(context.Background(), p); err != nil {
				tb.Errorf("Remove: %v", err)
			}
		})
	}
}

func instantiate(tb testing.TB, l runners.Loaded) runners.Instance {
	in, err := l.Instantiate(tb.Context(), nil)
	if err != nil {
		tb.Fatalf("Instantiate: %v", err)
	}
	tb.Cleanup(func() {
		if err := in.Close(); err != nil {
			tb.Errorf("Close of the instance: %v", err)
		}
	})
	return in
}

// instance is the whole way for a test that needs one probe.
func (s *suite) instance(tb testing.TB) runners.Instance {
	return instantiate(tb, load(tb, s.boot(tb, 0), s.probe(tb)))
}

func call(tb testing.TB, in runners.Instance, request string) string {
	tb.Helper()
	response, err := in.Call(tb.Context(), nil, []byte(request))
	if err != nil {
		tb.Fatalf("Call(%.20q): %v", request, err)
	}
	return string(response)
}

func want(tb testing.TB, in runners.Instance, request, response string) {
	tb.Helper()
	if got := call(tb, in, request); got != response {
		tb.Fatalf("Call(%.20q) = %.60q (%d bytes), want %.60q (%d bytes)", request, got, len(got), response, len(response))
	}
}
