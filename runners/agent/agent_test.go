package agent

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// ask puts requests to an agent of the fake, each after the reply to the one
// before, and gives all lines that the agent writes.
func ask(t *testing.T, f *fake, requests ...protocol.Request) []string {
	t.Helper()
	texts := make([]string, len(requests))
	for i, q := range requests {
		b, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(b)
	}
	return converse(t, f, texts...)
}

func converse(t *testing.T, f *fake, requests ...string) []string {
	t.Helper()
	hisIn, myOut := io.Pipe()
	myIn, hisOut := io.Pipe()
	left := make(chan int)
	go func() {
		code := Main(f, nil, hisIn, hisOut, io.Discard)
		hisOut.Close()
		left <- code
	}()
	var lines []string
	s := bufio.NewScanner(myIn)
	for _, q := range requests {
		io.WriteString(myOut, q+"\n")
		for s.Scan() {
			lines = append(lines, s.Text())
			if s.Text() != protocol.Answered {
				break
			}
		}
	}
	myOut.Close()
	if code := <-left; code != 0 {
		t.Fatalf("the agent leaves with %d", code)
	}
	if open := f.open.Load(); open != 0 {
		t.Errorf("%d things are still open", open)
	}
	return lines
}

func reply(t *testing.T, line string) protocol.Reply {
	t.Helper()
	var r protocol.Reply
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatalf("%v in %q", err, line)
	}
	return r
}

// subject prepares through the agent, as the harness does.
func subject(t *testing.T, f *fake) protocol.Subject {
	t.Helper()
	dir := t.TempDir()
	o := runners.Options{Mode: "only", Scratch: t.TempDir(), Scope: "s"}
	lines := ask(t, f, protocol.Request{Prepare: &protocol.Prepare{Options: o, Dir: dir}})
	r := reply(t, lines[0])
	if r.Error != nil {
		t.Fatal(r.Error)
	}
	return protocol.Subject{Options: o, Prepared: *r.Prepared, Exchanges: []runners.Exchange{
		{Name: "one", Request: []byte("ping"), Response: []byte("pong")},
	}}
}

// task composes a request.
func task(t *testing.T, name string, s protocol.Subject, parameters any) protocol.Request {
	t.Helper()
	q, err := protocol.NewTask(name, s, parameters)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// result reads that of a task that must not fail.
func result[T any](t *testing.T, line string) *T {
	t.Helper()
	r := reply(t, line)
	if r.Error != nil {
		t.Fatal(r.Error)
	}
	var found T
	if err := r.Decode(&found); err != nil {
		t.Fatal(err)
	}
	return &found
}

func TestRungs(t *testing.T) {
	phases := map[results.Rung][]string{
		results.Deploy: {runners.PhaseCompile, runners.PhaseLoad, runners.PhaseInstantiate, runners.PhaseFirstCall},
		results.Boot:   {runners.PhaseBoot, runners.PhaseLoad, runners.PhaseInstantiate, runners.PhaseFirstCall},
		results.Cold:   {runners.PhaseLoad, runners.PhaseInstantiate, runners.PhaseFirstCall},
		results.Pooled: {runners.PhaseInstantiate, runners.PhaseFirstCall},
		results.Hot:    {runners.PhaseFirstCall},
	}
	for _, rung := range results.Rungs() {
		t.Run(string(rung), func(t *testing.T) {
			f := &fake{}
			iterations := 5
			if rung == results.Boot {
				iterations = 1
			}
			lines := ask(t, f, task(t, ColdStartTask, subject(t, f), ColdStart{Rung: rung, Iterations: iterations, Within: time.Minute}))
			if rung == results.Boot {
				if lines[0] != protocol.Answered {
					t.Fatalf("the first line is %q", lines[0])
				}
				lines = lines[1:]
			}
			checkMeasured(t, result[ColdStartTimes](t, lines[0]), iterations, phases[rung])
		})
	}
}

// checkMeasured checks that the phases are the right ones and add up.
func checkMeasured(t *testing.T, m *ColdStartTimes, iterations int, phases []string) {
	t.Helper()
	if len(m.FirstResponse) != iterations {
		t.Fatalf("%d values, want %d", len(m.FirstResponse), iterations)
	}
	var names []string
	sums := make([]time.Duration, iterations)
	for _, p := range m.Phases {
		names = append(names, p.Name)
		for i, v := range p.Values {
			sums[i] += v
		}
	}
	if !slices.Equal(names, phases) {
		t.Errorf("phases are %v, want %v", names, phases)
	}
	for i := range sums {
		if sums[i] != m.FirstResponse[i] {
			t.Errorf("iteration %d: the phases add up to %v, the whole is %v", i, sums[i], m.FirstResponse[i])
		}
	}
	if slices.Contains(phases, runners.PhaseCompile) && m.FirstResponse[0] < time.Millisecond {
		t.Errorf("a deploy that works for 1ms took %v", m.FirstResponse[0])
	}
}

func TestPooledResumes(t *testing.T) {
	f := &fake{parks: true}
	lines := ask(t, f, task(t, ColdStartTask, subject(t, f), ColdStart{Rung: results.Pooled, Iterations: 3, Within: time.Minute}))
	checkMeasured(t, result[ColdStartTimes](t, lines[0]), 3, []string{runners.PhaseResume, runners.PhaseFirstCall})
}

// The exchanges of Turns are timed in their order, over and over, and no other.
func TestTurns(t *testing.T) {
	f := &fake{}
	s := subject(t, f)
	s.Exchanges = append(s.Exchanges, runners.Exchange{Name: "two", Request: []byte("again"), Response: []byte("pong")})
	r := reply(t, ask(t, f, task(t, ColdStartTask, s, ColdStart{Rung: results.Pooled, Iterations: 7, Within: time.Minute, Turns: []int{0, 1, 1}}))[0])
	times := new(ColdStartTimes)
	if err := r.Decode(times); err != nil {
		t.Fatal(err, r.Error)
	}
	if got := strings.Join(f.requests, " "); got != "ping again again ping again again ping" || len(times.FirstResponse) != 7 {
		t.Errorf("asked for %s, timed %d", got, len(times.FirstResponse))
	}
}

func TestWrongResponseIsNoMeasurement(t *testing.T) {
	f := &fake{wrong: 3}
	s := subject(t, f)
	for name, q := range map[string]protocol.Request{
		"cold start": task(t, ColdStartTask, s, ColdStart{Rung: results.Pooled, Iterations: 9, Within: time.Minute}),
		"throughput": task(t, ThroughputTask, s, Throughput{Workers: 4, Duration: 10 * time.Millisecond}),
	} {
		f.made.Store(0)
		r := reply(t, ask(t, f, q)[0])
		if r.Error == nil || !errors.Is(r.Error, runners.ErrWrongResponse) || r.Result != nil {
			t.Errorf("%s: %+v", name, r)
		}
		if !strings.Contains(r.Error.Message, "pang") || !strings.Contains(r.Error.Message, "exchange one") {
			t.Errorf("%s: the error does not say what was wrong: %s", name, r.Error.Message)
		}
	}
}

func TestGrowUpToTheFailure(t *testing.T) {
	f := &fake{most: 5}
	grow := func(s protocol.Subject, to int, within time.Duration) protocol.Request {
		return task(t, GrowTask, s, Grow{To: to, Within: within})
	}
	lines := ask(t, f,
		grow(subject(t, f), 0, time.Minute),
		grow(protocol.Subject{}, 3, time.Minute),
		grow(protocol.Subject{}, 8, time.Minute),
		grow(protocol.Subject{}, 8, 0),
	)
	for i, want := range []int{0, 3, 5, 5} {
		g := result[Grown](t, lines[i])
		if g.Live != want {
			t.Fatalf("grow %d: %s, want %d live", i, lines[i], want)
		}
		if stopped := g.Stopped != ""; stopped != (i == 2) {
			t.Errorf("grow %d stopped by %q", i, g.Stopped)
		}
		if g.Owners == nil || len(g.Owners.PIDs) != 1 {
			t.Errorf("grow %d names owners %v", i, g.Owners)
		}
	}
}

func TestPrepareSeals(t *testing.T) {
	p := subject(t, &fake{}).Prepared
	if err := p.Verify(); err != nil || p.SHA256 == "" {
		t.Fatalf("%q, %v", p.SHA256, err)
	}
	if err := os.WriteFile(p.Path, []byte("machine kode"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.Verify(); !errors.Is(err, runners.ErrMalformed) {
		t.Errorf("an altered file: %v", err)
	}
	if err := os.Remove(p.Path); err != nil {
		t.Fatal(err)
	}
	if err := p.Verify(); err == nil {
		t.Error("a file that is gone is verified")
	}
}

func TestBadRequests(t *testing.T) {
	f := &fake{}
	s := subject(t, f)
	s.Options.Mode = "other"
	empty := s
	empty.Exchanges = nil
	for name, q := range map[string]protocol.Request{
		"nothing":      {},
		"no such task": task(t, "dance", s, nil),
		"no params":    {Task: &protocol.Task{Name: ColdStartTask, Subject: subject(t, f), Parameters: []byte("[]")}},
		"unknown mode": task(t, GrowTask, s, Grow{}),
		"no exchange":  task(t, ColdStartTask, empty, ColdStart{Rung: results.Cold, Iterations: 1}),
		"unknown rung": task(t, ColdStartTask, s, ColdStart{Rung: "lukewarm", Iterations: 1}),
		"no such turn": task(t, ColdStartTask, s, ColdStart{Rung: results.Hot, Iterations: 1, Turns: []int{1}}),
		"turn below 0": task(t, ColdStartTask, s, ColdStart{Rung: results.Hot, Iterations: 1, Turns: []int{-1}}),
		"no worker":    task(t, ThroughputTask, s, Throughput{Duration: time.Second}),
		"grow first":   task(t, GrowTask, protocol.Subject{}, Grow{To: 1}),
		"sweep":        {Sweep: &protocol.Sweep{Scope: "bad"}},
	} {
		if r := reply(t, ask(t, f, q)[0]); r.Error == nil || strings.Contains(r.Error.Message, "\n") {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if lines := converse(t, f, "not JSON", "[]", "null"); strings.Count(strings.Join(lines, ""), `"error"`) != 3 {
		t.Errorf("noise on stdin: %q", lines)
	}
	var out, said bytes.Buffer
	if Main(f, []string{"--help"}, strings.NewReader(""), &out, &said) != 2 || !strings.Contains(said.String(), "benchrun") {
		t.Errorf("called by hand: %q", said.String())
	}
}

func TestDeployLeavesNoFolder(t *testing.T) {
	f := &fake{}
	s := subject(t, f)
	ask(t, f, task(t, ColdStartTask, s, ColdStart{Rung: results.Deploy, Iterations: 3, Within: time.Minute}))
	if left, _ := filepath.Glob(filepath.Join(s.Options.Scratch, "*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// A runtime is told what it will load, unless that is new to the node.
func TestRuntimesAreToldWhatTheyLoad(t *testing.T) {
	for _, rung := range results.Rungs() {
		f := &fake{}
		s := subject(t, f)
		f.told = nil
		reply := reply(t, slices.DeleteFunc(ask(t, f, task(t, ColdStartTask, s, ColdStart{Rung: rung, Iterations: 1, Within: time.Second})),
			func(line string) bool { return line == protocol.Answered })[0])
		want := s.Prepared.Path
		if rung == results.Deploy {
			want = ""
		}
		if reply.Error != nil || !slices.Equal(f.told, []string{want}) {
			t.Errorf("%s: told was %q, want %q; %v", rung, f.told, want, reply.Error)
		}
	}
}
