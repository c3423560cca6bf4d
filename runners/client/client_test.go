package client

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"edgebench/runners"
	"edgebench/runners/protocol"
)

// The test binary is the agent: what it does is in the environment.
const behaviour = "EDGEBENCH_TEST_AGENT"

func TestMain(m *testing.M) {
	if how := os.Getenv(behaviour); how != "" {
		os.Exit(play(how))
	}
	os.Exit(m.Run())
}

// play is an agent that behaves in one way.
func play(how string) int {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, protocol.MaxLine)
	for in.Scan() {
		switch how {
		case "good":
			fmt.Println(`{"done":true}`)
		case "boot":
			fmt.Println(protocol.Answered)
			in.Scan() // until it is told to go on
			fmt.Println(`{"result":{"first_response_ns":[1],"phases":null,"empty_ns":1}}`)
		case "error":
			fmt.Println(`{"error":{"kind":"trap","message":"the guest trapped: unreachable"}}`)
		case "noise":
			fmt.Println("hello")
		case "hang":
			time.Sleep(time.Hour)
		case "child":
			c := exec.Command("sleep", "1000")
			c.Stderr = os.Stderr
			c.Start()
			fmt.Printf("{\"error\":{\"message\":\"%d\"}}\n", c.Process.Pid)
		case "crash":
			fmt.Fprintln(os.Stderr, "fatal error: out of everything\n\ngoroutine 1:\nlots\nof\nlines")
			return 7
		case "half":
			fmt.Print(`{"done":`)
			return 0
		case "stubborn":
			fmt.Println(`{"done":true}`)
			return 3
		}
	}
	return 0
}

func start(t *testing.T, how string) *Agent {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(behaviour, how)
	a, err := Start(self)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Kill)
	return a
}

var question = protocol.Request{Check: &protocol.Check{}}

func TestAsk(t *testing.T) {
	a := start(t, "good")
	for range 3 {
		if r, err := a.Ask(t.Context(), question); err != nil || !r.Done {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	if err := a.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := a.Close(t.Context()); err != nil {
		t.Errorf("Close again: %v", err)
	}
	if _, err := a.Ask(t.Context(), question); !errors.Is(err, runners.ErrClosed) {
		t.Errorf("Ask after Close: %v", err)
	}
}

// reader is a function that reads.
type reader func([]byte) (int, error)

func (r reader) Read(p []byte) (int, error) { return r(p) }

// The clock stops when the answer is read. The agent writes its reply only when
// more than the answer is asked for, so a clock that stops later shows.
func TestAskBootStopsAtTheAnswer(t *testing.T) {
	a := start(t, "boot")
	var asked []time.Duration // when the agent's output is read
	out := a.pipe.(io.Reader)
	a.out = bufio.NewReader(reader(func(p []byte) (int, error) {
		asked = append(asked, runners.Now())
		if len(asked) == 2 {
			io.WriteString(a.in, "go on\n")
		}
		return out.Read(p)
	}))
	r, took, err := a.AskBoot(t.Context(), question)
	if err != nil || len(r.Result) == 0 || len(asked) < 2 {
		t.Fatalf("%+v, %v after %d reads", r, err, len(asked))
	}
	if stopped := a.Began + took; stopped < asked[0] || stopped > asked[1] {
		t.Errorf("the clock stopped at %v, the answer was read between %v and %v", stopped, asked[0], asked[1])
	}
}

func TestAgentsErrorKeepsItsKind(t *testing.T) {
	a := start(t, "error")
	if _, err := a.Ask(t.Context(), question); !errors.Is(err, runners.ErrTrap) {
		t.Errorf("%v is not ErrTrap", err)
	}
	if _, err := a.Ask(t.Context(), question); !errors.Is(err, runners.ErrTrap) {
		t.Errorf("the agent should live on: %v", err)
	}
}

func TestDeadlineKills(t *testing.T) {
	a := start(t, "hang")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := a.Ask(ctx, question); !errors.Is(err, ErrDeadline) {
		t.Fatalf("%v", err)
	}
	if alive(a.PID()) {
		t.Error("the agent lives after its deadline")
	}
	if _, err := a.Ask(t.Context(), question); !errors.Is(err, ErrDeadline) {
		t.Errorf("Ask after the deadline: %v", err)
	}
	if err := a.Close(t.Context()); err != nil {
		t.Errorf("Close after the deadline: %v", err)
	}
}

func TestCancelKills(t *testing.T) {
	a := start(t, "hang")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := a.Ask(ctx, question); !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	if alive(a.PID()) {
		t.Error("the agent lives")
	}
}

func TestCloseKillsTheGroup(t *testing.T) {
	if _, err := exec.LookPath("sleep"); err != nil {
		t.Skip(err)
	}
	a := start(t, "child")
	_, err := a.Ask(t.Context(), question)
	pid, atoiErr := strconv.Atoi(err.Error())
	if atoiErr != nil {
		t.Fatal(err)
	}
	a.Close(t.Context())
	for until := time.Now().Add(time.Minute); alive(pid); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("the agent's child %d lives", pid)
		}
	}
}

func TestDeaths(t *testing.T) {
	for how, want := range map[string]string{
		"crash": "exit status 7): fatal error: out of everything; goroutine 1:",
		"half":  "exit status 0",
		"noise": "read the reply",
	} {
		a := start(t, how)
		_, err := a.Ask(t.Context(), question)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want one line with %q", how, err, want)
		}
		if how != "noise" && !errors.Is(err, ErrDied) {
			t.Errorf("%s: %v is not ErrDied", how, err)
		}
	}
	a := start(t, "stubborn")
	if _, err := a.Ask(t.Context(), question); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(t.Context()); err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("an agent that leaves with 3: %v", err)
	}
}

func TestExecutableSaysWhatIsMissing(t *testing.T) {
	root := t.TempDir()
	for _, c := range []struct {
		entry runners.Entry
		want  string
	}{
		{runners.Entry{Name: "x", Systems: []string{"plan9"}}, "only on plan9"},
		{runners.Entry{Name: "x"}, "inside a clone"},
	} {
		_, err := Executable(t.Context(), root, c.entry)
		if !errors.Is(err, runners.ErrUnavailable) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	if err := os.WriteFile(root+"/go.mod", []byte("module edgebench\n\ngo 1.26\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CGO_ENABLED", "0")
	_, err := Executable(t.Context(), root, runners.Entry{Name: "x", Agent: "edgebench/x", Cgo: true})
	if !errors.Is(err, runners.ErrUnavailable) || !strings.Contains(err.Error(), "CGO_ENABLED") {
		t.Errorf("%v", err)
	}
	_, err = Executable(t.Context(), root, runners.Entry{Name: "x", Agent: "edgebench/x"})
	if !errors.Is(err, runners.ErrUnavailable) || !strings.Contains(err.Error(), "does not build") || strings.Contains(err.Error(), "\n") {
		t.Errorf("an agent that does not build: %v", err)
	}
	t.Setenv("PATH", "")
	_, err = Executable(t.Context(), root, runners.Entry{Name: "x", Agent: "edgebench/x"})
	if !errors.Is(err, runners.ErrUnavailable) || !strings.Contains(err.Error(), "Go toolchain") {
		t.Errorf("without Go: %v", err)
	}
}

// What is no program is removed before the agent is built, and a program stays.
func TestRemoveGarbage(t *testing.T) {
	for content, stays := range map[string]bool{"": false, "no": false, "garbage": false, "\x7fELF and more": true} {
		path := filepath.Join(t.TempDir(), "agent")
		if err := os.WriteFile(path, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := removeGarbage(path); err != nil {
			t.Errorf("%q: %v", content, err)
		}
		if _, err := os.Stat(path); (err == nil) != stays {
			t.Errorf("%q: %v; does it stay? %v", content, err, stays)
		}
	}
	if err := removeGarbage(filepath.Join(t.TempDir(), "none")); err != nil {
		t.Error(err)
	}
}
