package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"
)

// ciStep gives the commands of a step of the example job.
func ciStep(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "scripts", "ci-example.yml"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "- name: "+name+"\n        run: |\n")
	if !ok {
		t.Fatalf("the example job has no step %q with commands", name)
	}
	var commands strings.Builder
	for line := range strings.Lines(rest) {
		command, inside := strings.CutPrefix(line, "          ")
		if !inside {
			break
		}
		commands.WriteString(command)
	}
	return commands.String()
}

// The step that compares runs as it stands, with two runs that are there.
func TestCIExampleCompares(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("the command bash is missing, in which a CI service runs commands: install it")
	}
	dir := t.TempDir()
	reference, err := filepath.Abs(references(t)[0])
	if err != nil {
		t.Fatal(err)
	}
	// TestMain has put this program into PATH.
	if err := os.WriteFile(filepath.Join(dir, "benchrun-new"), []byte("#!/bin/sh\nexec benchrun \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"run-old", "run-new"} {
		if err := os.Symlink(reference, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-e", "-c", ciStep(t, "compare"))
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("two equal runs: %v: %s", err, out)
	}
	comment, err := os.ReadFile(filepath.Join(dir, "comment.md"))
	if err != nil || !bytes.Contains(comment, []byte("0 slower, 0 faster")) {
		t.Errorf("the comment is %s (%v)", comment, err)
	}
	var got comparedJSON
	if text, err := os.ReadFile(filepath.Join(dir, "comparison.json")); err != nil || json.Unmarshal(text, &got) != nil || len(got.Rows) == 0 {
		t.Errorf("the JSON has %d rows (%v)", len(got.Rows), err)
	}
}

// The step that measures asks for what the command line takes.
func TestCIExampleMeasures(t *testing.T) {
	flags := regexp.MustCompile(`benchrun-\$side run (.*) --out`).FindStringSubmatch(ciStep(t, "measure"))
	if flags == nil {
		t.Fatal("the step has no command that measures")
	}
	cmd := newRun(console{})
	if err := cmd.ParseFlags(strings.Fields(flags[1])); err != nil {
		t.Error(err)
	}
}

// The README's line for benchstat keeps apart what is not the same cell: each of its
// table's cells has the values of one benchmark.
func TestBenchstatPoolsNothing(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`benchstat (?:-col (\S+) )?(?:-row (\S+) )?run\.txt`).FindSubmatch(readme)
	if line == nil {
		t.Fatal("the README has no line for benchstat")
	}
	var parser benchproc.ProjectionParser
	filter, err := benchproc.NewFilter("*")
	if err != nil {
		t.Fatal(err)
	}
	project := func(by, usual string) *benchproc.Projection {
		if by == "" {
			by = usual
		}
		p, err := parser.Parse(by, filter)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	row, col := project(string(line[2]), ".fullname"), project(string(line[1]), ".file")
	var out, said bytes.Buffer
	if code := run([]string{"report", references(t)[0], "--benchfmt", "-"}, &out, &said); code != exitOK {
		t.Fatal(said.String())
	}
	names := map[[2]benchproc.Key]string{}
	columns := map[benchproc.Key]bool{}
	for r := benchfmt.NewReader(&out, "run.txt"); r.Scan(); {
		result, ok := r.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		at := [2]benchproc.Key{row.Project(result), col.Project(result)}
		name := string(result.Name.Full())
		if was, known := names[at]; known && was != name {
			t.Fatalf("%s and %s are in one cell of the table", was, name)
		}
		names[at], columns[at[1]] = name, true
	}
	if len(names) == 0 || len(columns) < 2 {
		t.Errorf("the table has %d cells in %d columns", len(names), len(columns))
	}
}
