package limits

import (
	"syscall"
	"testing"

	"edgebench/results"
)

func limit(r results.Resource, setting string, used, most uint64) Limit {
	return Limit{Resource: r, Setting: setting, Used: used, Most: most}
}

// The counters of a process without instances, and with 100 of them.
var (
	before = []Limit{
		limit(results.ResourceAddressSpace, "RLIMIT_AS", 1<<30, 1<<47),
		limit(results.ResourceMaps, "vm.max_map_count", 60, 65_530),
		limit(results.ResourceFiles, "RLIMIT_NOFILE", 9, 20_000),
		{Resource: results.ResourceMemory, Setting: "MemTotal", Used: 1 << 30, Most: 24 << 30, Node: true},
		{Resource: results.ResourceProcesses, Setting: "kernel.pid_max", Used: 300, Most: 32_768, Node: true},
		{Resource: results.ResourceBridgePorts, Setting: "BR_MAX_PORTS", Used: 0, Most: 1023, Node: true},
	}
	now = []Limit{
		limit(results.ResourceAddressSpace, "RLIMIT_AS", 1<<30+100*(4<<30), 1<<47),
		limit(results.ResourceMaps, "vm.max_map_count", 60+400, 65_530),
		limit(results.ResourceFiles, "RLIMIT_NOFILE", 9+300, 20_000),
		{Resource: results.ResourceMemory, Setting: "MemTotal", Used: 1<<30 + 100<<20, Most: 24 << 30, Node: true},
		{Resource: results.ResourceProcesses, Setting: "kernel.pid_max", Used: 300 + 1200, Most: 32_768, Node: true},
		{Resource: results.ResourceBridgePorts, Setting: "BR_MAX_PORTS", Used: 100, Most: 1023, Node: true},
	}
)

// at gives the counters with 100 instances, but for one limit, which is lower.
func at(setting string, most uint64) []Limit {
	list := append([]Limit(nil), now...)
	for i := range list {
		if list[i].Setting == setting {
			list[i].Most = most
		}
	}
	return list
}

func TestReached(t *testing.T) {
	for name, c := range map[string]struct {
		now    []Limit
		errno  syscall.Errno
		starts int
		want   results.Resource
		node   bool
	}{
		"nothing known":                  {now: now},
		"address space":                  {now: at("RLIMIT_AS", 1<<30+101*(4<<30)), want: results.ResourceAddressSpace},
		"mappings":                       {now: at("vm.max_map_count", 463), want: results.ResourceMaps},
		"mappings, by ENOMEM":            {now: at("vm.max_map_count", 463), errno: syscall.ENOMEM, want: results.ResourceMaps},
		"files":                          {now: at("RLIMIT_NOFILE", 310), want: results.ResourceFiles},
		"files, which were closed again": {now: at("RLIMIT_NOFILE", 330), starts: 8, want: results.ResourceFiles},
		"files, by EMFILE alone":         {now: now, errno: syscall.EMFILE, want: results.ResourceFiles},
		"processes":                      {now: at("kernel.pid_max", 1510), want: results.ResourceProcesses, node: true},
		"processes, by EAGAIN alone":     {now: now, errno: syscall.EAGAIN, want: results.ResourceProcesses, node: true},
		"memory":                         {now: at("MemTotal", 1<<30+100<<20+1<<20), want: results.ResourceMemory, node: true},
		"memory, by ENOMEM alone":        {now: now, errno: syscall.ENOMEM, want: results.ResourceMemory, node: true},
		"ports of a bridge":              {now: at("BR_MAX_PORTS", 100), want: results.ResourceBridgePorts, node: true},
		"disk":                           {now: now, errno: syscall.ENOSPC, want: results.ResourceDisk, node: true},
		"ports":                          {now: now, errno: syscall.EADDRINUSE, want: results.ResourcePorts, node: true},
		"another error":                  {now: now, errno: syscall.EPERM},
		"not what the error means":       {now: at("RLIMIT_NOFILE", 310), errno: syscall.EAGAIN, want: results.ResourceProcesses, node: true},
		"no counters":                    {errno: syscall.EIO},
	} {
		got, ok := Growth{Before: before, Now: c.now, Instances: 100, Starts: c.starts, Errno: c.errno}.Reached()
		if ok != (c.want != "") || got.Resource != c.want || got.Node != c.node {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
}

// Of two limits, the one with room for fewer instances was reached.
func TestTheNearestLimitWasReached(t *testing.T) {
	list := at("vm.max_map_count", 463)
	list[2].Most = 309 + 5 // room for one and two thirds
	if got, _ := (Growth{Before: before, Now: list, Instances: 100}).Reached(); got.Resource != results.ResourceMaps {
		t.Errorf("got %+v", got)
	}
}
