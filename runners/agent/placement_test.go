package agent

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/protocol"
)

// pinned is a process on a core.
type pinned struct{ pid, core int }

// fakeCores replaces those of the machine and notes what is held where.
func fakeCores(list ...int) (cores, *[]pinned) {
	held := &[]pinned{}
	return cores{
		list: func() ([]int, error) { return list, nil },
		pin: func(pid, core int) error {
			*held = append(*held, pinned{pid, core})
			return nil
		},
	}, held
}

// owning is a runtime whose instances are processes.
type owning struct {
	runners.Runtime
	pids []int
}

func (o owning) MemoryOwners(context.Context) (runners.MemoryOwners, error) {
	return runners.MemoryOwners{PIDs: o.pids, Daemons: []int{77}}, nil
}

func TestPlacement(t *testing.T) {
	own := os.Getpid()
	inside := struct{ runners.Runtime }{}
	for name, c := range map[string]struct {
		placement Placement
		cores     []int
		rt        runners.Runtime
		want      []pinned
		refused   bool
	}{
		"anywhere":                    {Anywhere, []int{4, 6}, owning{pids: []int{8}}, nil, false},
		"same core":                   {SameCore, []int{4, 6}, owning{pids: []int{9, 8, 9}}, []pinned{{own, 4}, {8, 4}, {9, 4}}, false},
		"same core, instance inside":  {SameCore, []int{4}, inside, []pinned{{own, 4}}, false},
		"other core":                  {OtherCore, []int{4, 6, 5}, owning{pids: []int{8}}, []pinned{{own, 4}, {8, 6}}, false},
		"other core, there is none":   {OtherCore, []int{4}, owning{pids: []int{8}}, nil, true},
		"other core, instance inside": {OtherCore, []int{4, 6}, inside, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			cores, held := fakeCores(c.cores...)
			err := c.placement.hold(t.Context(), cores, c.rt)
			if errors.Is(err, runners.ErrUnavailable) != c.refused || err != nil && !c.refused {
				t.Errorf("%v; want unavailable: %v", err, c.refused)
			}
			if !slices.Equal(*held, c.want) {
				t.Errorf("held are %v, want %v", *held, c.want)
			}
		})
	}
	cores, _ := fakeCores(1, 2)
	if err := Placement("elsewhere").hold(t.Context(), cores, inside); err == nil {
		t.Error("an unknown placement is accepted")
	}
}

// A placement is held once in a trial, on the rung hot and for one worker.
func TestPlacementOfTasks(t *testing.T) {
	before := machineCores
	t.Cleanup(func() { machineCores = before })
	var held *[]pinned
	machineCores, held = fakeCores(4, 6)
	f := &fake{}
	s := subject(t, f)
	hot := ColdStart{Rung: results.Hot, Iterations: 5, Within: time.Minute, Placement: OtherCore}
	loop := Throughput{Workers: 1, Duration: time.Millisecond, Placement: OtherCore}
	want := []pinned{{os.Getpid(), 4}, {os.Getpid(), 6}} // the fake's instances are of this process
	for name, q := range map[string]protocol.Request{"hot": task(t, ColdStartTask, s, hot), "loop": task(t, ThroughputTask, s, loop)} {
		*held = nil
		if r := reply(t, ask(t, f, q)[0]); r.Error != nil || !slices.Equal(*held, want) {
			t.Errorf("%s: held are %v (%v), want %v", name, *held, r.Error, want)
		}
	}
	hot.Rung = results.Pooled
	fresh, two := loop, loop
	fresh.Fresh, two.Workers = true, 2
	for name, q := range map[string]protocol.Request{
		"pooled": task(t, ColdStartTask, s, hot), "fresh": task(t, ThroughputTask, s, fresh), "two workers": task(t, ThroughputTask, s, two),
	} {
		if r := reply(t, ask(t, f, q)[0]); r.Error == nil {
			t.Errorf("%s: a placement is accepted", name)
		}
	}
}
