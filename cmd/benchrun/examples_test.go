package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"edgebench/results"
)

var example = regexp.MustCompile("(?s)<!-- example: ([a-z]+) -->\n```sh\n(.*?)```")

// The README's examples of a user's own program run as they stand there, and
// every trial of theirs is ok.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs and measures for a minute")
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("the examples are for a shell: ", err)
	}
	repository, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(repository, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := example.FindAllStringSubmatch(string(readme), -1)
	if len(found) != 3 {
		t.Fatalf("the README has %d examples, three are known", len(found))
	}
	for _, x := range found {
		t.Run(x[1], func(t *testing.T) { runExample(t, repository, x[1], x[2]) })
	}
}

// runExample runs one in a folder of its own, in which the repository's
// workloads lie as in a clone.
func runExample(t *testing.T, repository, name, script string) {
	if strings.Contains(script, "docker ") && exec.Command("docker", "version").Run() != nil {
		t.Skip("there is no engine (scripts/setup-debian.sh installs one)")
	}
	dir := t.TempDir()
	text := "exec bash -e example.sh\n-- example.sh --\n" + script
	file := filepath.Join(dir, name+".txtar")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	mods, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Files: []string{file},
		Setup: func(e *testscript.Env) error {
			inherit(e)
			e.Setenv("GOMODCACHE", strings.TrimSpace(string(mods)))
			e.Setenv("GOPATH", filepath.Join(e.WorkDir, "go"))
			e.Setenv("TMPDIR", os.TempDir())
			e.Defer(func() { checkExample(t, e.WorkDir) })
			return os.Symlink(filepath.Join(repository, "workloads"), filepath.Join(e.WorkDir, "workloads"))
		},
	})
}

// checkExample looks at the run that an example has left.
func checkExample(t *testing.T, dir string) {
	_ = exec.Command("docker", "image", "rm", "-f", "upper:1").Run() // where it was made
	runs, err := filepath.Glob(filepath.Join(dir, "edgebench-*"))
	if err != nil || len(runs) != 1 {
		t.Errorf("%d runs were left (%v)", len(runs), err)
		return
	}
	folder, err := results.Open(runs[0])
	if err != nil {
		t.Error(err)
		return
	}
	systems := map[string]int{}
	for _, r := range folder.Records {
		if r.Outcome != results.OK {
			t.Errorf("%s: %s: %s", r.Cell, r.Outcome, r.Error)
		}
		systems[r.Cell.Runner]++
	}
	t.Log(len(folder.Records), "records: ", systems)
	if len(systems) < 2 {
		t.Errorf("only %v were measured", systems)
	}
}
