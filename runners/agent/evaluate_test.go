package agent

import (
	"os"
	"slices"
	"testing"

	"edgebench/runners"
	"edgebench/runners/protocol"
)

// Each request has an outcome, and a command's instance answers one.
func TestEvaluate(t *testing.T) {
	f := &fake{}
	s := subject(t, f)
	s.Exchanges = nil
	q := Evaluate{Modules: []Module{
		{Name: "reactor", Code: []byte("code"), Requests: [][]byte{[]byte("one"), []byte("two")}},
		{Name: "command", Code: []byte("code"), Interface: runners.Stdio, Requests: [][]byte{[]byte("three"), []byte("four")}},
	}}
	before := f.made.Load()
	found := result[Evaluated](t, ask(t, f, task(t, EvaluateTask, s, q))[0])
	if len(found.Modules) != 2 || f.made.Load()-before != 3 {
		t.Fatalf("%+v by %d instances", found, f.made.Load()-before)
	}
	for i, o := range found.Modules {
		if o.Refused != nil || len(o.Requests) != 2 || string(o.Requests[1].Response) != "pong" {
			t.Errorf("module %d: %+v", i, o)
		}
	}
	if left, err := os.ReadDir(s.Options.Scratch); err != nil || len(left) > 0 {
		t.Errorf("%v is left (%v)", left, err)
	}
}

// After a trap the instance is asked for its state, if the module has a request for that,
// and the next request goes to a new one.
func TestEvaluateAfterTrap(t *testing.T) {
	f := &fake{traps: "trap"}
	requests := [][]byte{[]byte("trap"), []byte("more")}
	q := Evaluate{Modules: []Module{
		{Name: "asked", Code: []byte("code"), Requests: requests, AfterTrap: []byte("state")},
		{Name: "not asked", Code: []byte("code"), Requests: requests},
	}}
	found := result[Evaluated](t, ask(t, f, task(t, EvaluateTask, subject(t, f), q))[0])
	for i, want := range []string{"pong", ""} {
		first, second := found.Modules[i].Requests[0], found.Modules[i].Requests[1]
		if first.Failure == nil || first.Failure.Trap != runners.TrapUnreachable || string(first.State) != want {
			t.Errorf("module %d: %+v, want the state %q", i, first, want)
		}
		if second.Failure != nil || second.State != nil {
			t.Errorf("module %d: %+v", i, second)
		}
	}
	if want := []string{"trap", "state", "more", "trap", "more"}; !slices.Equal(f.requests, want) {
		t.Errorf("the requests are %q, want %q", f.requests, want)
	}
}

// A module of which no instance can be made has no outcomes of requests.
func TestEvaluateRefused(t *testing.T) {
	f := &fake{most: 1}
	q := Evaluate{Modules: []Module{
		{Name: "first", Code: []byte("code"), Requests: [][]byte{nil}}, {Name: "second", Code: []byte("code"), Requests: [][]byte{nil}},
	}}
	found := result[Evaluated](t, ask(t, f, task(t, EvaluateTask, subject(t, f), q))[0])
	o := found.Modules[1]
	if found.Modules[0].Refused != nil || o.Refused == nil || o.Refused.Stage != StageInstantiate || o.Requests != nil {
		t.Errorf("%+v", found)
	}
}

// What is stored is copied before it is loaded. The fake has no versions.
func TestLoadKept(t *testing.T) {
	f := &fake{}
	s := subject(t, f)
	lines := ask(t, f, task(t, LoadKeptTask, s, LoadKept{}), task(t, LoadKeptTask, s, LoadKept{OtherVersion: true}))
	kept := result[LoadedKept](t, lines[0])
	if kept.Rebuilt || kept.Unversioned || len(kept.Outcome.Requests) != 1 || string(kept.Outcome.Requests[0].Response) != "pong" {
		t.Errorf("%+v", kept)
	}
	if told := f.told[len(f.told)-1]; told == s.Prepared.Path || told == "" {
		t.Errorf("the runtime was told of %q, prepared is %q", told, s.Prepared.Path)
	}
	if other := result[LoadedKept](t, lines[1]); !other.Unversioned {
		t.Errorf("%+v", other)
	}
	s.Prepared.Path += ".gone"
	if r := reply(t, ask(t, f, protocol.Request(task(t, LoadKeptTask, s, LoadKept{})))[0]); r.Error == nil {
		t.Error("a file that is gone is loaded")
	}
}
