package results

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A plan slows what has a name by a share within the bounds, and the schema,
// where JSON can say it at all, takes what Validate does.
func TestPlanSlowed(t *testing.T) {
	for name, c := range map[string]struct {
		runner string
		share  float64
		ok     bool
	}{
		"5 %":         {"wazero", 0.05, true},
		"the most":    {"wazero", MaxSlowed, true},
		"too much":    {"wazero", MaxSlowed + 0.01, false},
		"nothing":     {"wazero", 0, false},
		"faster":      {"wazero", -0.05, false},
		"no number":   {"wazero", math.NaN(), false},
		"endless":     {"wazero", math.Inf(1), false},
		"no name":     {"", 0.05, false},
		"not a name":  {"a\nb", 0.05, false},
		"with a path": {"a/b", 0.05, false},
	} {
		p := testPlan(1)
		p.Slowed = map[string]float64{c.runner: c.share}
		err := p.Validate()
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			oneLine(t, err, "slowed: ")
		}
		if text, err := encodePlan(p); err == nil && (conforms(t, PlanFile, text) == nil) != c.ok {
			t.Errorf("%s: the schema says %v", name, conforms(t, PlanFile, text))
		}
	}
}

// randomPlan makes a plan of up to 40 cells with up to 9 trials each.
func randomPlan(r *rand.Rand) Plan {
	p := widePlan(r.IntN(41))
	p.Seed = r.Uint64()
	for i := range p.Specs {
		s := &p.Specs[i]
		s.Trials, s.MaxAdaptive = 1+r.IntN(9), r.IntN(10)
		s.Params = s.Params.With(ConcurrencyParam, fmt.Sprint(r.IntN(3)))
		if r.IntN(2) == 0 {
			s.Effort = json.RawMessage(fmt.Sprintf(`{"iterations":%d}`, r.IntN(100)))
		}
	}
	return p
}

// Whatever the plan and its seed: the order is that of the same plan once written
// and read, and each block has one trial of each cell that has any left.
func TestOrderSurvivesWritingAndReading(t *testing.T) {
	for seed := range uint64(300) {
		p := randomPlan(rand.New(rand.NewPCG(seed, 0)))
		text, err := encodePlan(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := conforms(t, PlanFile, text); err != nil {
			t.Fatal(err)
		}
		var again Plan
		if err := decodePlan(text, &again); err != nil {
			t.Fatal(err)
		}
		if diff := same(p, again); diff != "" {
			t.Fatal(diff)
		}
		trials := p.Trials()
		for i, trial := range again.Trials() {
			if want := trials[i]; trial.Seq != want.Seq || trial.Block != want.Block || trial.Adaptive != want.Adaptive || trial.Cell != want.Cell {
				t.Fatalf("seed %d: trial %d was %v and is %v", seed, i, want, trial)
			}
		}
		checkBlocks(t, &p)
	}
}

// checkBlocks checks what an order must be, whatever its permutations are.
func checkBlocks(t *testing.T, p *Plan) {
	t.Helper()
	blocks := 0
	for _, s := range p.Specs {
		blocks = max(blocks, s.Trials)
	}
	type place struct {
		block int
		cell  Cell
	}
	seen := map[place]bool{}
	last := 0
	for i, trial := range p.Trials() {
		at := place{trial.Block, trial.Cell}
		switch {
		case trial.Seq != i:
			t.Fatalf("trial %d has seq %d", i, trial.Seq)
		case trial.Block < last:
			t.Fatalf("trial %d of block %d comes after block %d", i, trial.Block, last)
		case trial.Adaptive != (trial.Block >= blocks):
			t.Fatalf("trial %d of block %d of %d: adaptive is %v", i, trial.Block, blocks, trial.Adaptive)
		case seen[at]:
			t.Fatalf("block %d has cell %s twice", trial.Block, trial.Cell)
		}
		seen[at], last = true, trial.Block
	}
	want := 0
	for _, s := range p.Specs {
		for block := range s.Trials {
			if !seen[place{block, s.Cell}] {
				t.Fatalf("block %d of %d is without the cell %s", block, s.Trials, s.Cell)
			}
		}
		for block := range s.MaxAdaptive {
			if !seen[place{blocks + block, s.Cell}] {
				t.Fatalf("adaptive block %d of %d is without the cell %s", block, s.MaxAdaptive, s.Cell)
			}
		}
		want += s.Trials + s.MaxAdaptive
	}
	if len(seen) != want {
		t.Fatalf("%d trials, want %d", len(seen), want)
	}
	if planned := p.Planned(); len(planned) != len(p.Specs) {
		t.Fatalf("%d cells are planned, want %d", len(planned), len(p.Specs))
	}
}

// The order of a plan never changes: runs that were recorded hold it.
func TestOrderIsThatOfEarlierVersions(t *testing.T) {
	p := widePlan(8)
	p.Seed = 111
	for i := range p.Specs {
		p.Specs[i].Trials, p.Specs[i].MaxAdaptive = 2+i/4, i%2
	}
	blocks := make([]string, 4)
	for _, trial := range p.Trials() {
		blocks[trial.Block] += trial.Workload + " "
	}
	want := []string{
		"w4 w3 w5 w7 w2 w6 w1 w0 ",
		"w7 w2 w6 w0 w5 w4 w3 w1 ",
		"w6 w7 w4 w5 ",
		"w7 w3 w1 w5 ", // adaptive
	}
	if diff := cmp.Diff(want, blocks); diff != "" {
		t.Error(diff)
	}
}

// defaultPlan is of the size of the default profile's: 420 cells of real names.
func defaultPlan() Plan {
	p := testPlan(0)
	p.Specs = nil
	systems := []System{
		{"wasmtime", "aot-pooling-goapi"}, {"wasmtime", "aot"}, {"wazero", "interpreter"}, {"wasmer", "cranelift-aot"},
		{"docker", "runc-bridge"}, {"oci", "embedded"}, {"process", "plain"},
	}
	builds := []string{"assemblyscript", "c", "rust+snapshot"}
	for _, system := range systems {
		for _, workload := range []string{"rewrite", "kernels", "markdown", "auth"} {
			for _, build := range builds {
				for _, rung := range Rungs() {
					p.Specs = append(p.Specs, Spec{
						Cell: Cell{system, Artefact{workload, build}, "coldstart",
							NewParams(map[string]string{RungParam: string(rung), PageCacheParam: PageCacheDropped})},
						Trials: 10, MaxAdaptive: 30,
						Effort: json.RawMessage(`{"iterations":12,"duration":"300ms","spread":"40ms"}`),
					})
				}
			}
		}
	}
	return p
}

// The default profile's plan is small, and readable: one specification in a line.
func TestPlanIsCompact(t *testing.T) {
	p := defaultPlan()
	text, err := encodePlan(p)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Specs) != 420 || len(text) > 150_000 {
		t.Errorf("%d specifications take %d bytes", len(p.Specs), len(text))
	}
	t.Logf("%d specifications, %d trials: %d bytes", len(p.Specs), len(p.Trials()), len(text))
	if n := bytes.Count(text, []byte("\n\t\t{\"system\":{\"runner\":")); n != 420 {
		t.Errorf("%d lines have a specification", n)
	}
	if n := strings.Count(string(text), "\n"); n > 420+30 {
		t.Errorf("%d lines", n)
	}
}

// A plan that asks for more than can be recorded is rejected before anything is
// made of its numbers.
func TestHostilePlans(t *testing.T) {
	const head = `{"schema":2,"run":"r","profile":"","seed":1,"budget_ns":0,"deadline_ns":0,"specs":[`
	spec := func(i int, rest string) string {
		return fmt.Sprintf(`{"system":{"runner":"a","mode":"b"},"artefact":{"workload":"w%d","build":"c"},"experiment":"e","params":{},%s}`, i, rest)
	}
	many := func(n int, rest string) string {
		specs := make([]string, n)
		for i := range specs {
			specs[i] = spec(i, rest)
		}
		return strings.Join(specs, ",")
	}
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	for want, specs := range map[string]string{
		"trials and max_adaptive must be": spec(0, `"trials":9223372036854775807,"max_adaptive":9223372036854775807`),
		"more than 262144 trials":         many(3, `"trials":262144`),
		"cannot unmarshal number":         spec(0, `"trials":1e18`),
		"nested more than 16 deep":        spec(0, `"trials":1,"effort":{"a":`+deep+`}`),
		"exceeded max depth":              spec(0, `"trials":1,"effort":{"a":`+strings.Repeat("[", 15000)),
		"effort has 70009 bytes":          spec(0, `"trials":1,"effort":{"a":"`+strings.Repeat("x", 70001)+`"}`),
		"there are 17 parameters":         strings.Replace(spec(0, `"trials":1`), `"params":{}`, `"params":{`+strings.Repeat(`"a":1,`, 16)+`"a":1}`, 1),
		"has an invalid character":        strings.Replace(spec(0, `"trials":1`), `"params":{}`, `"params":{"a":"b=c/d"}`, 1),
		"occurs twice":                    spec(0, `"trials":1`) + "," + spec(0, `"trials":1`),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := decodePlan([]byte(head+specs+`]}`), new(Plan))
		runtime.ReadMemStats(&after)
		oneLine(t, err, want)
		if used := after.TotalAlloc - before.TotalAlloc; used > 8<<20 {
			t.Errorf("%s: %d bytes were allocated", want, used)
		}
	}
}

// One cell with all trials that a plan may have, and many without any: the order
// takes time for the trials, and not for each cell in each block.
func TestTrialsOfALopsidedPlan(t *testing.T) {
	p := widePlan(20_000)
	for i := range p.Specs {
		p.Specs[i].Trials = 0
	}
	p.Specs[7].Trials = MaxRecords
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	calls := 0
	trials := p.appendBlocks(nil, Trial{}, func(s *Spec) int { calls++; return s.Trials })
	if len(trials) != MaxRecords || trials[MaxRecords-1].Block != MaxRecords-1 {
		t.Errorf("%d trials", len(trials))
	}
	if most := MaxRecords + 2*len(p.Specs); calls > most {
		t.Errorf("it looked at a cell %d times, want at most %d", calls, most)
	}
}
