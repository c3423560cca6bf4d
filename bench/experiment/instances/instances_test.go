package instances_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/instances"
	"edgebench/results"
	"edgebench/runners/agent"
	"edgebench/runners/limits"
)

func TestFill(t *testing.T) {
	for _, c := range []struct {
		steps  []int
		factor float64
		want   []int
	}{
		{[]int{10, 100}, 0, []int{10, 100}},
		{[]int{10, 100}, 2, []int{10, 20, 40, 80, 100}},
		{[]int{1, 4, 5}, 1.1, []int{1, 2, 3, 4, 5}},
	} {
		e := instances.Effort{Steps: c.steps, StepFactor: c.factor}
		if got := e.Fill().Steps; !slices.Equal(got, c.want) {
			t.Errorf("%v by %v gives %v, want %v", c.steps, c.factor, got, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	good := func() instances.Effort {
		return instances.Effort{Steps: []int{1, 2}, Duration: experiment.Duration(time.Second)}
	}
	for want, change := range map[string]func(*instances.Effort){
		"steps has 0":       func(e *instances.Effort) { e.Steps = nil },
		"steps must ascend": func(e *instances.Effort) { e.Steps = []int{2, 2} },
		"step_factor is 1":  func(e *instances.Effort) { e.StepFactor = 1 },
		"more than 1000":    func(e *instances.Effort) { e.Steps, e.StepFactor = []int{1, 100_000}, 1.001 },
		"reserve_mib":       func(e *instances.Effort) { e.Reserve = 1 << 40 },
		"starts is -1":      func(e *instances.Effort) { e.Starts = -1 },
		"duration":          func(e *instances.Effort) { e.Duration = 0 },
	} {
		e := good()
		if err := e.Check(time.Minute); err != nil {
			t.Fatal(err)
		}
		change(&e)
		if err := e.Check(time.Minute); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestFloor(t *testing.T) {
	before := experiment.NodeMemory{Available: 20 << 30, Total: 30 << 30}
	for name, c := range map[string]struct {
		e      instances.Effort
		floor  uint64
		budget bool
	}{
		"a tenth":                 {instances.Effort{}, 3 << 30, false},
		"a reserve":               {instances.Effort{Reserve: 2048}, 2 << 30, false},
		"a budget":                {instances.Effort{MemoryBudget: 4096}, 16 << 30, true},
		"a budget in the reserve": {instances.Effort{MemoryBudget: 18 << 10}, 3 << 30, false},
		"more than there is":      {instances.Effort{MemoryBudget: 1 << 20}, 3 << 30, false},
	} {
		if floor, budget := c.e.Floor(before); floor != c.floor || budget != c.budget {
			t.Errorf("%s: %d, %v", name, floor, budget)
		}
	}
	stop := (&instances.Effort{MemoryBudget: 4096}).AtFloor(before, experiment.NodeMemory{Available: 17 << 30})
	want := &results.Stop{Reason: results.StopBudget, Resource: results.ResourceMemory, Setting: "memory_budget_mib", Limit: 4 << 30, Used: 3 << 30}
	if d := cmp.Diff(want, stop); d != "" {
		t.Error(d)
	}
}

func TestFailed(t *testing.T) {
	maps := func(used uint64) []limits.Limit {
		return []limits.Limit{{Resource: results.ResourceMaps, Setting: "vm.max_map_count", Used: used, Most: 65_530}}
	}
	detail := "instance 101: it is ill"
	for name, c := range map[string]struct {
		grown agent.Grown
		want  results.Stop
		own   bool
	}{
		"no evidence": {agent.Grown{Limits: maps(500)}, results.Stop{Reason: results.StopFailure, Detail: detail}, false},
		"a counter": {agent.Grown{Limits: maps(65_528)}, results.Stop{Reason: results.StopLimit, Resource: results.ResourceMaps,
			Setting: "vm.max_map_count", Limit: 65_530, Used: 65_528, Detail: detail}, true},
		"the pool":       {agent.Grown{Bound: 100}, results.Stop{Reason: results.StopLimit, Resource: results.ResourcePool, Limit: 100, Used: 100, Detail: detail}, true},
		"a full runtime": {agent.Grown{Full: true}, results.Stop{Reason: results.StopLimit, Resource: results.ResourcePool, Limit: 100, Used: 100, Detail: detail}, true},
		"a larger pool":  {agent.Grown{Bound: 101}, results.Stop{Reason: results.StopFailure, Detail: detail}, false},
	} {
		c.grown.Live, c.grown.Stopped = 100, "it is\nill"
		stop, own := instances.Failed(maps(100), 1, c.grown)
		if d := cmp.Diff(&c.want, stop); d != "" || own != c.own {
			t.Errorf("%s: own %v %s", name, own, d)
		}
	}
}

func TestOneLine(t *testing.T) {
	if got := instances.OneLine(" a\n b " + strings.Repeat("x", 2000)); len(got) > 1010 || !strings.HasPrefix(got, "a b x") {
		t.Errorf("%d bytes: %.20q", len(got), got)
	}
}
