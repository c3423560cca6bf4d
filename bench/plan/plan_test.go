package plan

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/experiment/memory"
	"edgebench/bench/experiment/portability"
	"edgebench/bench/experiment/size"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/source"
	"edgebench/workloads/build"
)

// inventory has a WebAssembly runner with two modes and a native one that
// parks, and two workloads, one of them without a native build in C.
func inventory() Inventory {
	wasm := func(mode string, isDefault bool) System {
		return System{
			System: results.System{Runner: "wazero", Mode: mode}, Takes: []runners.Kind{runners.Wasm},
			Mode: runners.Mode{Name: mode, Rungs: results.Rungs(), Default: isDefault},
		}
	}
	return Inventory{
		Systems: []System{wasm("compiler", true), wasm("interpreter", false), {
			System: results.System{Runner: "process", Mode: "plain"}, Takes: []runners.Kind{runners.Native},
			Mode: runners.Mode{Name: "plain", Rungs: []results.Rung{results.Deploy, results.Cold, results.Pooled, results.Hot}, Default: true, Parks: true},
		}},
		Workloads: []Workload{{Name: "noop", Builds: []string{"c", "go"}}, {Name: "rewrite", Builds: []string{"c"}}},
		Build: func(a results.Artefact, s System) (u Use, ok bool) {
			return Use{}, !(a == results.Artefact{Workload: "noop", Build: "c"} && s.Takes[0] == runners.Native)
		},
		Cores: 4,
	}
}

const head = `
profile = "test"
budget = "1m"
deadline = "10s"
[table]
workload = "rewrite"
build = "c"
reference = { runner = "process", mode = "default" }
[[table.class]]
side = "containers"
how = "container"
lead = true
artefacts = [{ workload = "rewrite", build = "c" }]
systems = [{ runner = "process", mode = "default" }]
[[table.class]]
side = "WASM"
how = "module"
lead = true
artefacts = [{ workload = "rewrite", build = "c" }]
systems = [{ runner = "wazero", mode = "default" }]
`

func parse(t *testing.T, matrix string) Config {
	t.Helper()
	c, err := Parse("test.toml", []byte(head+matrix))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func planOf(t *testing.T, matrix string, f Filter) results.Plan {
	t.Helper()
	p, err := Make(parse(t, matrix), inventory(), f, "run", 42)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const everything = `
[[matrix]]
experiment = "coldstart"
blocks = 3
iterations = 5
duration = "1s"
`

func TestEveryCellOncePerBlock(t *testing.T) {
	p := planOf(t, everything, Filter{})
	// wazero: 2 modes × 3 builds × 5 rungs; process: 2 builds × 4 rungs.
	const cells = 2*3*5 + 2*4
	trials := p.Trials()
	if len(trials) != 3*cells || len(p.Specs) != cells {
		t.Fatalf("%d trials of %d specifications, want %d of %d", len(trials), len(p.Specs), 3*cells, cells)
	}
	for block := range 3 {
		seen := map[string]int{}
		for _, trial := range trials[block*cells : (block+1)*cells] {
			if trial.Block != block {
				t.Fatalf("trial %d is of block %d, want %d", trial.Seq, trial.Block, block)
			}
			seen[trial.Cell.String()]++
		}
		if len(seen) != cells {
			t.Errorf("block %d has %d different cells, want %d", block, len(seen), cells)
		}
	}
	for i, trial := range trials {
		if trial.Seq != i {
			t.Fatalf("trial %d has seq %d", i, trial.Seq)
		}
		if want := `{"iterations":5,"duration":"1s"}`; trial.Rung() != results.Boot && string(trial.Effort) != want {
			t.Errorf("%s: the effort is %s, want %s", trial.Cell, trial.Effort, want)
		}
	}
	if trials[0].Cell == trials[cells].Cell && trials[1].Cell == trials[cells+1].Cell {
		t.Error("two blocks have the same order")
	}
}

func TestTheSeedFixesTheOrder(t *testing.T) {
	a, b := planOf(t, everything, Filter{}), planOf(t, everything, Filter{})
	if d := cmp.Diff(a.Trials(), b.Trials()); d != "" {
		t.Errorf("the same seed gives two orders: %s", d)
	}
	c, err := Make(parse(t, everything), inventory(), Filter{}, "run", 43)
	if err != nil {
		t.Fatal(err)
	}
	if cmp.Equal(a.Trials(), c.Trials()) {
		t.Error("two seeds give the same order")
	}
}

func TestDefaultsAreResolved(t *testing.T) {
	p := planOf(t, everything, Filter{})
	class := func(side, how string, s results.System) results.Class {
		return results.Class{Side: side, How: how, Lead: true, Artefacts: []results.Artefact{{Workload: "rewrite", Build: "c"}}, Systems: []results.System{s}}
	}
	want := results.Table{
		Artefact: results.Artefact{Workload: "rewrite", Build: "c"},
		Classes: []results.Class{
			class("containers", "container", results.System{Runner: "process", Mode: "plain"}),
			class("WASM", "module", results.System{Runner: "wazero", Mode: "compiler"}),
		},
		Reference: results.System{Runner: "process", Mode: "plain"},
	}
	if d := cmp.Diff(want, p.Table); d != "" {
		t.Error(d)
	}
	p = planOf(t, strings.Replace(everything, "blocks", "modes = [\"default\"]\nblocks", 1), Filter{})
	for _, trial := range p.Trials() {
		if trial.Mode == "interpreter" {
			t.Fatal("an entry for the default mode plans another")
		}
	}
}

func TestFilterNarrows(t *testing.T) {
	p := planOf(t, everything, Filter{Runners: []string{"wazero"}, Workloads: []string{"rewrite"}, Rungs: []results.Rung{results.Hot}})
	if n := len(p.Trials()); n != 3*2 {
		t.Errorf("%d trials, want 6", n)
	}
	for _, trial := range p.Trials() {
		if c := trial.Cell; c.Runner != "wazero" || c.Workload != "rewrite" || c.Rung() != results.Hot {
			t.Errorf("%s is outside of the filter", c)
		}
	}
	_, err := Make(parse(t, everything), inventory(), Filter{Workloads: []string{"auth"}}, "run", 1)
	if !errors.Is(err, ErrNothing) {
		t.Errorf("nothing to measure: %v", err)
	}
}

func TestOverlappingEntriesCountOnce(t *testing.T) {
	one, two := planOf(t, everything, Filter{}), planOf(t, everything+everything, Filter{})
	if len(one.Trials()) != len(two.Trials()) {
		t.Errorf("%d trials from one entry, %d from the same entry twice", len(one.Trials()), len(two.Trials()))
	}
}

func TestThroughputAndMemory(t *testing.T) {
	p := planOf(t, `
[[matrix]]
experiment = "throughput"
workloads = ["rewrite"]
blocks = 1
duration = "1s"
concurrency = [1, 0]
[[matrix]]
experiment = "memory"
workloads = ["rewrite"]
blocks = 1
steps = [1, 2]
duration = "1s"
memory_budget_mib = 2
[[matrix]]
experiment = "size"
workloads = ["rewrite"]
blocks = 1
`, Filter{})
	var got []string
	for _, trial := range p.Trials() {
		got = append(got, strings.Join([]string{string(trial.Experiment), trial.System.String(), string(trial.Params)}, " "))
		if want := `{"steps":[1,2],"duration":"1s","memory_budget_mib":2}`; trial.Experiment == memory.Name && string(trial.Effort) != want {
			t.Errorf("a memory trial does %s, want %s", trial.Effort, want)
		}
	}
	slices.Sort(got)
	want := []string{
		"memory process/plain ",
		"memory wazero/compiler ",
		"memory wazero/interpreter ",
		"size process/plain ",
		"size wazero/compiler ",
		"size wazero/interpreter ",
		"throughput process/plain concurrency=1/instance=fresh",
		"throughput process/plain concurrency=1/instance=reused",
		"throughput process/plain concurrency=4/instance=fresh",
		"throughput process/plain concurrency=4/instance=reused",
		"throughput wazero/compiler concurrency=1/instance=fresh",
		"throughput wazero/compiler concurrency=1/instance=reused",
		"throughput wazero/compiler concurrency=4/instance=fresh",
		"throughput wazero/compiler concurrency=4/instance=reused",
		"throughput wazero/interpreter concurrency=1/instance=fresh",
		"throughput wazero/interpreter concurrency=1/instance=reused",
		"throughput wazero/interpreter concurrency=4/instance=fresh",
		"throughput wazero/interpreter concurrency=4/instance=reused",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestProfilesAreWhole(t *testing.T) {
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	set, err := build.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	var known Names
	for _, e := range runners.Table() {
		known.Runners = append(known.Runners, e.Name)
	}
	for _, w := range set.All() {
		known.Workloads = append(known.Workloads, w.Name)
		known.Builds = append(known.Builds, w.Languages...)
	}
	for _, name := range Profiles() {
		c, err := Profile(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c.Profile != name {
			t.Errorf("the profile %s names itself %q", name, c.Profile)
		}
		if err := c.CheckNames(known); err != nil {
			t.Error(err)
		}
	}
	if _, err := Profile("../quick"); err == nil {
		t.Error("a profile that does not exist is read")
	}
}

// live has no steps.
const live = `
[[matrix]]
experiment = "memory"
blocks = 3
duration = "1s"
`

func TestMistakesAreOneClearLine(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"profile = ", "test.toml:1"},
		{head + "blokcs = 3", `unknown key "table.class.blokcs"`},
		{strings.Replace(head, `"1m"`, `"1 minute"`, 1) + everything, "test.toml:3"},
		{strings.Replace(head, `"1m"`, `"-1m"`, 1) + everything, "budget"},
		{head, "nothing to measure"},
		{head + strings.Replace(everything, "coldstart", "coldstrat", 1), `experiment "coldstrat"`},
		{head + strings.Replace(everything, "= 3", "= 0", 1), "blocks is 0"},
		{head + strings.Replace(everything, "= 5", "= 99999999", 1), "iterations"},
		{head + strings.Replace(everything, "blocks", "page_cache = [\"cold\"]\nblocks", 1), `page_cache is "cold"`},
		{head + strings.Replace(everything, "blocks", "rungs = [\"lukewarm\"]\nblocks", 1), `rung "lukewarm"`},
		{head + live, "steps"},
		{head + live + "steps = [2, 2]", "ascend"},
		{head + everything + live + "steps = [2, 3]\niterations = 5", `test.toml:33: unknown key "iterations" in an entry of the experiment memory`},
		{head + "[[matrix]]\n[matrix.deeper]\nblocks = 1", `unknown key "matrix.deeper"`},
		{head + "[[matrix]]\nblocks = \"many\"", "test.toml:22:10:"},
		{strings.Replace(head, "build", "#", 1) + everything, "table needs"},
		{head + strings.Replace(everything, "blocks", "spread = \"2s\"\nblocks", 1), "no more than the duration"},
		{head + strings.Replace(everything, `"1s"`, `"10s"`, 1), "shorter than the deadline"},
		{"", "profile"},
	} {
		_, err := Parse("test.toml", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got %v, want one line with %q", c.text, err, c.want)
		}
	}
	n := Names{Runners: []string{"wazero"}, Workloads: []string{"noop"}, Builds: []string{"c"}}
	if err := n.Check(Filter{Runners: []string{"wazro"}}); err == nil || !strings.Contains(err.Error(), "wazero") {
		t.Errorf("an unknown runner: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(head + everything))
	for _, name := range Profiles() {
		b, err := profiles.ReadFile("profiles/" + name + ".toml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Parse("fuzz.toml", b)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error has more than one line: %q", err)
			}
			return
		}
		total := 0
		for _, e := range c.Matrix {
			total += e.Blocks
		}
		if total > 1000 {
			return // a large plan is no mistake, but takes long
		}
		if _, err := Make(c, inventory(), Filter{}, "run", 1); err != nil && !errors.Is(err, ErrNothing) {
			t.Errorf("a configuration that was accepted gives no plan: %v", err)
		}
	})
}

// A configuration about another build is that of its table.
func TestFor(t *testing.T) {
	c := parse(t, `
[[matrix]]
experiment = "coldstart"
workloads = ["rewrite"]
blocks = 1
iterations = 1
duration = "1s"
[[matrix]]
experiment = "size"
workloads = ["noop"]
blocks = 1
`)
	if !c.Covers(nil, nil) || !c.Covers([]string{"noop"}, []string{"go"}) || c.Covers([]string{"route"}, nil) {
		t.Error("it does not know what it is about")
	}
	other := c.For([]string{"route", "heap"}, []string{"rust"})
	if len(other.Matrix) != 1 || other.Matrix[0].Workloads[1] != "heap" || other.Table.Workload != "route" || other.Table.Build != "rust" {
		t.Errorf("about another it is %+v", other)
	}
	classes := other.Table.Classes
	want := []results.Artefact{{Workload: "route", Build: "rust"}, {Workload: "heap", Build: "rust"}}
	if len(classes) != 2 || classes[1].Name() != "module" || !cmp.Equal(classes[0].Artefacts, want) {
		t.Errorf("its classes are %+v", classes)
	}
	if c.Table.Workload != "rewrite" || c.Table.Classes[0].Artefacts[0].Workload != "rewrite" || c.Matrix[0].Workloads[0] != "rewrite" {
		t.Error("it has changed itself")
	}
}

// A row of the table has a figure for a class only where the profile asks for it.
func TestProfilesMeasureEveryClass(t *testing.T) {
	for _, name := range []string{"default", "full", "deep"} {
		c, err := Profile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, class := range c.Table.Classes {
			for _, s := range class.Systems {
				for _, want := range []results.Experiment{size.Name, coldstart.Name, portability.Name} {
					if !c.asks(want, s, class.Artefacts) {
						t.Errorf("%s: nothing asks for the %s of %s with an artefact of the class %s", name, want, s, class.Name())
					}
				}
			}
		}
	}
}

// asks says whether entries are about an experiment of a system with each of the
// artefacts that it takes, one at least.
func (c Config) asks(x results.Experiment, s results.System, all []results.Artefact) bool {
	component := strings.HasPrefix(s.Mode, "component-")
	taken := slices.DeleteFunc(slices.Clone(all), func(a results.Artefact) bool {
		return strings.HasSuffix(a.Build, "+component") != component
	})
	for _, a := range taken {
		if !slices.ContainsFunc(c.Matrix, func(e Entry) bool {
			return e.Experiment == x && allows(e.Runners, s.Runner) && allows(e.Modes, s.Mode) && allows(e.Workloads, a.Workload) && allows(e.Builds, a.Build)
		}) {
			return false
		}
	}
	return len(taken) > 0
}

// A configuration without a table has the suite's, and one with a table its own.
func TestTheSuitesTable(t *testing.T) {
	suite, err := SuiteTable()
	if err != nil {
		t.Fatal(err)
	}
	bare, err := Parse("test.toml", []byte(head[:strings.Index(head, "[table]")]+everything))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(suite, bare.Table); d != "" || len(bare.Table.Classes) == 0 {
		t.Errorf("without a table: %s", d)
	}
	if own := parse(t, everything).Table; len(own.Classes) != 2 || own.Reference.Mode != Default {
		t.Errorf("of a configuration with a table of its own: %+v", own)
	}
}
