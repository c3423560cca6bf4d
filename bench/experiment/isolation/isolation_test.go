package isolation

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/experimenttest"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/client"
	"edgebench/runners/protocol"
	"edgebench/runners/wasmfile"
)

// system answers attempts as a sandbox that denies all, except for its defects.
type system struct {
	// defects answer requests by their first word, ok is false for a denial.
	defects map[string]func(request string) (answer string, ok bool)
	// gone are requests in which the system itself ends, with the error.
	gone map[string]error
	// deaf does not end a computation at its deadline.
	deaf bool
	// mark is what an instance before or beside the one of the attempt has planted.
	mark string
	// scratch are the folders that the agents were given, one for each question.
	scratch []string
}

func (s *system) answer(t *testing.T) func(protocol.Task) (any, error) {
	return func(q protocol.Task) (any, error) {
		if q.Name != agent.IsolationTask {
			return nil, fmt.Errorf("unknown task %q", q.Name)
		}
		a := experimenttest.Decode[agent.Attempt](t, q)
		s.scratch = append(s.scratch, q.Subject.Options.Scratch)
		for _, request := range slices.Concat(a.Former, a.Tenant) {
			if word, rest, _ := strings.Cut(request, " "); word == "plant" {
				s.mark = rest
			}
		}
		found := agent.Attempted{Start: time.Millisecond}
		for _, request := range a.Steps {
			found.Times = append(found.Times, time.Millisecond)
			name, _, _ := strings.Cut(request, " ")
			if err := s.gone[name]; err != nil {
				return nil, err
			}
			if name == "spin" && !s.deaf {
				found.Failure, found.Stopped = "interrupted", true
				return found, nil
			}
			answer, ok := "failed EPERM\n", false
			if defect := s.defects[name]; defect != nil {
				answer, ok = defect(request)
			}
			if name == agent.Present {
				answer, ok = "unknown\n", true
			}
			if name == "spin" {
				answer, ok = "done\n", true
			}
			if !ok {
				answer = "failed EPERM\n"
			}
			found.Answers = append(found.Answers, []byte(answer))
			if name != agent.Present && !ok {
				break
			}
		}
		return found, nil
	}
}

// attempts runs the experiment over a system, and gives the results by group and name.
func attempts(t *testing.T, s *system) (map[string]results.Check, experiment.Result) {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	tr := experimenttest.Trial(t, Name, Params(Default), effort{}, &experimenttest.Agent{Answer: s.answer(t)}, &experimenttest.Node{})
	tr.Cell.Workload = Guest
	tr.Subject.Options.Scratch = t.TempDir()
	r, err := New().Run(t.Context(), tr)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]results.Check{}
	for _, c := range r.Checks {
		all[c.Group+"/"+c.Name] = c
	}
	if len(all) != len(Attempts()) {
		t.Errorf("%d checks of %d attempts", len(all), len(Attempts()))
	}
	return all, r
}

// A system that denies everything and stops what computes reaches no goal.
func TestNothingIsReached(t *testing.T) {
	all, r := attempts(t, &system{})
	for name, c := range all {
		want := Denied
		if name == "exhaustion/processor" {
			want = Limited
		}
		if c.Result != want && c.Result != Absent {
			t.Errorf("%s: %s (%s), want %s", name, c.Result, c.Evidence, want)
		}
	}
	if got := experimenttest.Values(r, GoalsReached); !slices.Equal(got, []float64{0}) {
		t.Errorf("%v goals are reached", got)
	}
	if len(experimenttest.Values(r, StopTime)) != 1 {
		t.Error("the time until a computation was stopped is not measured")
	}
}

// One defect is planted in each group, and is found, with its goal.
func TestPlantedDefects(t *testing.T) {
	unhide := func(s string) string {
		b := []byte(s)
		for i := range b {
			b[i] ^= hiddenBy
		}
		return string(b)
	}
	left := &system{}
	left.defects = map[string]func(string) (string, bool){
		"scan": func(string) (string, bool) { return "done 3\nfound " + unhide(unescape(left.mark)), true },
	}
	does := func(request, answer string) *system {
		name, _, _ := strings.Cut(request, " ")
		return &system{defects: map[string]func(string) (string, bool){
			name: func(got string) (string, bool) { return answer, got == request },
		}}
	}
	for name, c := range map[string]struct {
		system *system
		check  string
	}{
		"a folder too many": {&system{defects: map[string]func(string) (string, bool){"read": func(request string) (string, bool) {
			b, err := os.ReadFile(strings.TrimPrefix(request, "read "))
			return "done\n" + string(b), err == nil && strings.HasSuffix(request, "/outside/canary") && strings.HasPrefix(request, "read "+os.TempDir())
		}}}, "files/absolute-path"},
		"a secret left in a slot":           {left, "memory/former-instance"},
		"a setting of the kernel":           {does("open-write /proc/sys/kernel/core_pattern", "done\n"), "kernel/proc-sys"},
		"the host's network":                {&system{defects: map[string]func(string) (string, bool){"connect": dial}}, "neighbours/loopback"},
		"a deadline that does not end":      {&system{deaf: true}, "exhaustion/processor"},
		"the user of the host":              {does("user", fmt.Sprintf("done\n%d", os.Geteuid())), "knowledge/user"},
		"a file that may be written to":     {&system{defects: map[string]func(string) (string, bool){"truncate": truncate}}, "files/truncate"},
		"a limit of processes that is none": {does("fork-many 100", "done 100\n"), "exhaustion/processes"},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.HasPrefix(c.check, "neighbours/") {
				needsLinux(t)
			}
			all, r := attempts(t, c.system)
			if got := all[c.check]; got.Result != Allowed || got.Evidence == "" {
				t.Errorf("%s: %s (%s), want %s", c.check, got.Result, got.Evidence, Allowed)
			}
			if got := experimenttest.Values(r, GoalsReached); !slices.Equal(got, []float64{1}) {
				t.Errorf("%v goals are reached, want 1", got)
			}
		})
	}
}

// A system that ends or hangs is a result, and the next attempt has a new one.
func TestSystemEnds(t *testing.T) {
	s := &system{gone: map[string]error{
		"polls":  fmt.Errorf("%w (signal: aborted)", client.ErrDied),
		"clocks": fmt.Errorf("ask: %w", client.ErrDeadline),
	}}
	all, _ := attempts(t, s)
	for name, want := range map[string]string{"exhaustion/polls": Crashed, "exhaustion/clocks": Hung, "exhaustion/syncs": Denied} {
		if got := all[name]; got.Result != want {
			t.Errorf("%s: %s (%s), want %s", name, got.Result, got.Evidence, want)
		}
	}
	// What the one that died has left in its folder is not in the next one's way.
	if folders := slices.Compact(s.scratch); len(folders) != 3 {
		t.Errorf("three agents have the folders %v", folders)
	}
	tr := experimenttest.Trial(t, Name, Params(Default), effort{}, &experimenttest.Agent{Answer: func(protocol.Task) (any, error) {
		return nil, errors.New("no such mode")
	}}, &experimenttest.Node{})
	tr.Cell.Workload = Guest
	if _, err := New().Run(t.Context(), tr); err == nil {
		t.Error("an agent that can't work is taken for a result")
	}
}

// The guest must not be asked what it does not know, nor answer what nobody understands.
func TestOddAnswers(t *testing.T) {
	w := &world{}
	for _, b := range []string{"", "no line", "refused\n"} {
		if _, err := w.judge(Attempt{}, agent.Attempted{Answers: [][]byte{[]byte(b)}}); err == nil {
			t.Errorf("the answer %q is understood", b)
		}
	}
}

// A world leaves nothing, and puts right what an attempt has changed.
func TestWorld(t *testing.T) {
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	dir, shm := w.dir, w.places["shm"]
	for _, change := range []func() error{
		func() error { return os.WriteFile(dir+"/ro/given", nil, 0o600) },
		func() error { return os.Remove(dir + "/ro/given") },
		func() error { return os.WriteFile(dir+"/outside/made", nil, 0o600) },
		func() error { return os.WriteFile(dir+"/names/given", []byte("changed"), 0o600) },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if what, err := w.changed(); what == "" || err != nil {
			t.Errorf("a change is not seen (%v)", err)
		}
		if err := w.reset(); err != nil {
			t.Fatal(err)
		}
		if what, err := w.changed(); what != "" || err != nil {
			t.Errorf("after a reset: %s (%v)", what, err)
		}
	}
	if err := w.remove(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, shm} {
		if _, err := os.Stat(path); path != "" && err == nil {
			t.Errorf("%s is left", path)
		}
	}
}

// What a process that has ended left is removed by the next world; what lives stays.
func TestSweep(t *testing.T) {
	needsLinux(t)
	t.Setenv("TMPDIR", t.TempDir())
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	dead := filepath.Join(os.TempDir(), fmt.Sprintf("%s%d-1", prefix, ended.Process.Pid))
	alive, other := filepath.Join(os.TempDir(), worldPrefix()+"1"), filepath.Join(os.TempDir(), prefix+"x-1")
	for _, dir := range []string{dead, alive, other} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	sweep()
	for dir, want := range map[string]bool{dead: false, alive: true, other: true} {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", dir, err == nil, want)
		}
	}
}

// Each expectation is about some attempt, and says why.
func TestExpectations(t *testing.T) {
	list, err := expectations()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		for _, pattern := range e.Attempts {
			if !slices.ContainsFunc(Attempts(), func(a Attempt) bool { return match([]string{pattern}, string(a.Group)+"/"+a.Name) }) {
				t.Errorf("%+v: %s is about no attempt", e, pattern)
			}
		}
		for _, pattern := range e.Systems {
			runner, _, _ := strings.Cut(pattern, "/")
			if _, known := runners.Find(runner); !known && runner != "*" {
				t.Errorf("%+v: %s is about no runner", e, pattern)
			}
		}
		if e.Reason == "" || e.Result != "" && !slices.Contains(Results(), e.Result) {
			t.Errorf("%+v has no reason, or a result that there is not", e)
		}
	}
	seen := map[string]bool{}
	for _, a := range Attempts() {
		name := string(a.Group) + "/" + a.Name
		if seen[name] || a.Explanation == "" || !slices.Contains(Groups(), a.Group) {
			t.Errorf("%s: twice, unexplained or of no group", name)
		}
		seen[name] = true
	}
}

// Imports are listed whatever names a module gives them, in a form that a record takes.
func TestImports(t *testing.T) {
	list := []wasmfile.Import{
		{From: "wasi_snapshot_preview1", Name: "path_open"}, {From: "wasi_snapshot_preview1", Name: "path_open"},
		{Name: "wasi:cli/stdin@0.2.0"}, {From: "env", Name: ""}, {From: "a b", Name: "c=d/\u00e9"}, {},
	}
	all := importChecks(list, true)
	if len(all) != len(list)-1 {
		t.Errorf("%d checks of %d imports, two of which are one", len(all), len(list))
	}
	for _, c := range all {
		if c.Name == "" || strings.ContainsAny(c.Name, " /=") {
			t.Errorf("the name %q is none of a check", c.Name)
		}
	}
	if all[0].Result != Empty {
		t.Errorf("a hardened module is given %+v", all[0])
	}
	if given := importChecks(list[:1], false); given[0].Result != Given || given[0].Evidence == "" {
		t.Errorf("a module is given %+v", given[0])
	}
}

func TestParameters(t *testing.T) {
	p := New().Parameters()
	if err := p.Check(time.Minute); err != nil {
		t.Error(err)
	}
	if n := len(p.Expand(experiment.Target{Mode: runners.Mode{Confines: true}})); n != 2 {
		t.Errorf("%d cases, want one for each policy", n)
	}
	if n := len(p.Expand(experiment.Target{})); n != 0 {
		t.Errorf("%d cases of a mode that takes no policy", n)
	}
	for _, bad := range []Parameters{{Policies: []string{"soft"}}, {Effort: Effort{Neighbours: -1}}, {Effort: Effort{Neighbours: 1000}}} {
		if err := bad.Check(time.Minute); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
}

// unescape undoes word.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		var c byte
		fmt.Sscanf(s[i+1:i+3], "%02x", &c)
		b.WriteByte(c)
		i += 2
	}
	return b.String()
}

// dial connects as a guest would that shares the host's loopback interface.
func dial(request string) (string, bool) {
	var address, port string
	if fmt.Sscan(strings.TrimPrefix(request, "connect "), &address, &port); address != "127.0.0.1" {
		return "", false
	}
	conn, err := net.Dial("tcp", net.JoinHostPort(address, port))
	if err != nil {
		return "", false
	}
	defer conn.Close()
	b := make([]byte, 256)
	n, err := conn.Read(b)
	return "done\n" + string(b[:n]), err == nil
}

// truncate does what a guest asks for, to the one world of the test's folder.
func truncate(request string) (string, bool) {
	if request != "truncate /ro/given" {
		return "", false
	}
	dirs, err := os.ReadDir(os.TempDir())
	if err != nil {
		return "", false
	}
	for _, d := range dirs {
		if strings.HasPrefix(d.Name(), "edgebench-isolation-") {
			err = errors.Join(err, os.Truncate(os.TempDir()+"/"+d.Name()+"/ro/given", 0))
		}
	}
	return "done\n", err == nil
}
