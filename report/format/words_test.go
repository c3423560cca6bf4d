package format_test

import (
	"testing"

	"edgebench/bench/experiment/coldstart"
	"edgebench/bench/stat"
	"edgebench/bench/stat/diagnose"
	"edgebench/report/format"
	"edgebench/results"

	"github.com/google/go-cmp/cmp"
)

func TestStop(t *testing.T) {
	for _, c := range []struct {
		stop        results.Stop
		want, short string
	}{
		{results.Stop{}, "not recorded", "not recorded"},
		{results.Stop{Reason: results.StopBudget, Resource: results.ResourceTime, Limit: 5}, "budget of time: 5 s", "budget of time: 5 s"},
		{results.Stop{Reason: results.StopBudget, Resource: results.ResourceInstances, Limit: 2000, Detail: "told twice"},
			"budget of instances: 2,000", "budget of instances: 2,000"},
		{results.Stop{Reason: results.StopBudget, Resource: results.ResourceMemory, Limit: 1 << 30}, "budget of memory: 1 GiB", "budget of memory: 1 GiB"},
		{results.Stop{Reason: results.StopBudget, Resource: results.ResourceTime, Limit: 1.5}, "budget of time: 1.50 s", "budget of time: 1.50 s"},
		{results.Stop{Reason: results.StopLimit, Resource: results.ResourceMaps}, "limit of max_map_count", "limit of max_map_count"},
		{results.Stop{Reason: results.StopLimit, Resource: results.ResourceMaps, Limit: 65530, Detail: "mmap failed"},
			"limit of max_map_count: 65,530 (mmap failed)", "limit of max_map_count: 65,530"},
		{results.Stop{Reason: results.StopLimit, Resource: results.ResourceAddressSpace}, "limit of address space", "limit of address space"},
		{results.Stop{Reason: results.StopLimit, Detail: "some limit"}, "some limit", "some limit"},
		{results.Stop{Reason: results.StopFailure, Resource: results.ResourceMemory, Detail: "a trap"}, "a trap", "a trap"},
		{results.Stop{Reason: results.StopFailure}, "the reason is unknown", "the reason is unknown"},
	} {
		if got, short := format.Stop(c.stop), format.StopShort(c.stop); got != c.want || short != c.short {
			t.Errorf("%+v is %q, in short %q, want %q and %q", c.stop, got, short, c.want, c.short)
		}
	}
}

// Each cause that can disturb a trial has words of its own.
func TestDisturbance(t *testing.T) {
	want := map[string]string{
		results.MachineSteal:          "the hypervisor took 12 to 46 % of the processors",
		results.MachineOthers:         "other processes used 12 to 46 % of the processors",
		results.MachineThrottled:      "a processor quota throttled it for 12.0 to 46.0 % of the time",
		results.MachineMemoryPressure: "tasks waited for memory for 12 to 46 % of the time",
		results.MachineIOPressure:     "tasks waited for disks for 12 to 46 % of the time",
	}
	for _, cause := range diagnose.Causes() {
		if got := format.Disturbance(cause, 0.12, 0.46); got != want[cause] {
			t.Errorf("%s: %q, want %q", cause, got, want[cause])
		}
	}
	if got := format.Disturbance(results.MachineThrottled, 0.002, 0.002); got != "a processor quota throttled it for 0.2 % of the time" {
		t.Errorf("of a single share: %q", got)
	}
	if got := format.Disturbance("sunspots", 0.5, 0.5); got != "sunspots for 50 % of the time" {
		t.Errorf("of an unknown cause: %q", got)
	}
}

func TestSample(t *testing.T) {
	cell := results.Cell{
		System: results.System{Runner: "wazero", Mode: "compiler"}, Artefact: results.Artefact{Workload: "noop", Build: "c"},
		Experiment: coldstart.Name, Params: coldstart.WarmParams(results.Cold),
	}
	dropped := cell
	dropped.Params = dropped.Params.With(results.PageCacheParam, results.PageCacheDropped)
	loaded := cell
	loaded.Params = results.NewParams(map[string]string{"instance": "reused", results.ConcurrencyParam: "2"})
	for _, c := range []struct {
		key  stat.Key
		want string
	}{
		{stat.Key{Cell: cell, Metric: coldstart.FirstResponse}, "wazero/compiler noop in c cold first response"},
		{stat.Key{Cell: dropped}, "wazero/compiler noop in c cold page_cache=dropped"},
		{stat.Key{Cell: loaded, Metric: "request_rate"}, "wazero/compiler noop in c concurrency=2, instance=reused request rate"},
	} {
		if got := format.Sample(c.key); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	names := format.ParamNames(loaded.Params, cell.Params, "")
	if diff := cmp.Diff([]string{"rung", "page_cache", "concurrency", "instance"}, names); diff != "" {
		t.Error(diff)
	}
}
