package text_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"edgebench/report"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/report/text"
	"edgebench/results"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// The models that most tests share; nothing changes a model.
var (
	good    = sync.OnceValue(func() *model.Model { return report.Build(reporttest.Run(1)) })
	hostile = sync.OnceValue(func() *model.Model { return report.Build(reporttest.Hostile()) })
)

type renderer func(io.Writer, *model.Model, int, bool) error

func render(t *testing.T, f renderer, m *model.Model, width int, colour bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b, m, width, colour); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (run with -update where that is meant):\n%s", path, diff)
	}
}

func TestFullIsGolden(t *testing.T) {
	golden(t, "full.txt", render(t, text.Full, good(), 120, false))
}

func TestWideTableIsGolden(t *testing.T) {
	golden(t, "table-120.txt", render(t, text.Table, good(), 120, false))
}

func TestNarrowTableIsGolden(t *testing.T) {
	golden(t, "table-80.txt", render(t, text.Table, good(), 80, false))
}

func TestMarkdownIsGolden(t *testing.T) {
	markdown := func(w io.Writer, m *model.Model, _ int, _ bool) error { return text.Markdown(w, m) }
	golden(t, "table.md", render(t, markdown, good(), 0, false))
}

// Nothing that a record holds is read as Markdown or HTML.
func TestMarkdownIsEscaped(t *testing.T) {
	var b strings.Builder
	if err := text.Markdown(&b, hostile()); err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(b.String(), "\n") {
		if plain := strings.ReplaceAll(line, `\|`, ""); strings.HasPrefix(line, "|") && strings.Count(plain, "|") != 6 {
			t.Errorf("line %d has other columns: %s", i+1, line)
		}
	}
	if strings.Contains(strings.ReplaceAll(b.String(), `\<`, ""), "<") {
		t.Error("markup is passed on")
	}
}

// The end of a run is one screen that ends with the verdicts: 24 lines, and one more
// for each side that needs a line of its own or for each kind of trial that was lost.
// How figures were obtained is in Full.
func TestTableIsOneScreen(t *testing.T) {
	got := render(t, text.Table, good(), 80, false)
	if n := strings.Count(got, "\n"); n > 29 {
		t.Errorf("%d lines", n)
	}
	for _, only := range []string{"on the rung cold, from a running runtime", "÷ ", "classes were fixed before the run"} {
		if strings.Contains(got, only) {
			t.Errorf("%q is in the brief table", only)
		}
		if !strings.Contains(render(t, text.Full, good(), 120, false), only) {
			t.Errorf("%q is not in the full report", only)
		}
	}
	for _, want := range []string{"20 failed, 1 could not be tried", "35 disturbed (10 replaced)", "benchrun report DIR"} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %q", want)
		}
	}
	lines := strings.Split(strings.TrimSpace(got), "\n")
	if last := lines[len(lines)-1]; !strings.Contains(last, "WASM ≥ 1,000: 2 of 2") {
		t.Errorf("the last verdict is not at the end: %s", last)
	}
}

// Letters stand behind figures where the plan has a target, and nowhere else.
func TestGradesNeedATarget(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	const graded, plain = "244 ms [215, 269] n=10 C", "A to D behind n = trials grade the figure"
	if with := render(t, text.Full, good(), 120, false); !strings.Contains(with, graded) || !strings.Contains(with, plain) {
		t.Errorf("there are no grades in\n%s", with)
	}
	plan.Target = 0
	m := report.Build(plan, env, records)
	if without := render(t, text.Full, m, 120, false); strings.Contains(without, graded) || strings.Contains(without, plain) {
		t.Errorf("there are grades without a target in\n%s", without)
	}
}

// A figure that is missing, or rests on fewer trials, points at the reason,
// which is given once.
func TestTableNamesWhatIsMissing(t *testing.T) {
	plan, env, records := reporttest.Run(1)
	const unavailable, fault = "no daemon answers", "a trap in the module"
	for i, r := range records {
		switch {
		case r.Runner == "docker":
			records[i].Outcome, records[i].Error = results.Unavailable, unavailable
		case r.Runner == "wasmer", r.Runner == "wazero" && i%7 == 0:
			records[i].Outcome, records[i].Error = results.Failed, fault
		}
	}
	got := render(t, text.Table, report.Build(plan, env, records), 120, false)
	for _, want := range []string{
		"unavailable [1]",
		"[1] " + unavailable + "\n",
		"1 undecided",
		"trials failed: " + fault,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %q in\n%s", want, got)
		}
	}
	if n := strings.Count(got, "] "+fault); n != 1 || !strings.Contains(got, "wasmer/cranelift-aot failed [") {
		t.Errorf("the reason is given %d times in\n%s", n, got)
	}
}

func TestLinesFit(t *testing.T) {
	for _, width := range []int{0, 60, 80, 100, 120, 1000} {
		for _, f := range []renderer{text.Full, text.Table} {
			for _, model := range []*model.Model{good(), hostile()} {
				for _, l := range strings.Split(render(t, f, model, width, false), "\n") {
					if n := utf8.RuneCountInString(l); n > max(60, min(120, width)) {
						t.Fatalf("at width %d a line has %d runes: %s", width, n, l)
					}
				}
			}
		}
	}
}

func TestColourIsAskedFor(t *testing.T) {
	m := good()
	for _, f := range []renderer{text.Full, text.Table} {
		plain, coloured := render(t, f, m, 100, false), render(t, f, m, 100, true)
		if strings.Contains(plain, "\x1b") {
			t.Error("escape codes without colour")
		}
		if !strings.Contains(coloured, "\x1b[33mdepends\x1b[0m") {
			t.Error("the verdict has no colour")
		}
		for _, code := range []string{"0", "1", "2", "31", "32", "33"} {
			coloured = strings.ReplaceAll(coloured, "\x1b["+code+"m", "")
		}
		if diff := cmp.Diff(plain, coloured); diff != "" {
			t.Errorf("colour changes the text:\n%s", diff)
		}
	}
}

// Nothing from outside reaches the terminal as a control character.
func TestHostileTextStaysText(t *testing.T) {
	got := render(t, text.Full, hostile(), 100, false) + render(t, text.Table, hostile(), 100, false)
	for _, r := range got {
		if r < ' ' && r != '\n' || r == 0x7f || r == 0x202e {
			t.Fatalf("%U in the text", r)
		}
	}
}

func TestEmptyRun(t *testing.T) {
	m := report.Build(results.Plan{}, results.Environment{}, nil)
	for _, f := range []renderer{text.Full, text.Table} {
		if got := render(t, f, m, 80, false); !strings.Contains(got, "Containers versus WebAssembly") {
			t.Errorf("got %s", got)
		}
	}
	if list, _ := readBack(t, report.Build(results.Plan{}, results.Environment{}, nil)); len(list) != 0 {
		t.Errorf("%d lines", len(list))
	}
}

// A writer that fails is an error, not a silent loss.
func TestWriteErrorsAreReturned(t *testing.T) {
	m := good()
	for name, err := range map[string]error{
		"table":    text.Table(full{}, m, 80, false),
		"full":     text.Full(full{}, m, 80, false),
		"csv":      text.CSV(full{}, m),
		"json":     text.JSON(full{}, m),
		"benchfmt": text.Benchfmt(full{}, m),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
