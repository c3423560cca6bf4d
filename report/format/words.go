package format

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"edgebench/bench/stat"
	"edgebench/results"
	"edgebench/runners"
)

// disturbances are the words for what goes on beside trials, by cause; %s
// stands for a share.
var disturbances = map[string]string{
	results.MachineSteal:          "the hypervisor took %s of the processors",
	results.MachineOthers:         "other processes used %s of the processors",
	results.MachineThrottled:      "a processor quota throttled it for %s of the time",
	results.MachineMemoryPressure: "tasks waited for memory for %s of the time",
	results.MachineIOPressure:     "tasks waited for disks for %s of the time",
}

// Disturbance says what disturbed trials, from the minimum to the maximum share of
// their time, e.g. "the hypervisor took 12 to 46 % of the processors".
func Disturbance(cause string, minimum, maximum float64) string {
	words, known := disturbances[cause]
	if !known {
		words = cause + " for %s of the time"
	}
	digits := 0
	if cause == results.MachineThrottled { // of which little is enough
		digits = 1
	}
	share := number(minimum*100, digits)
	if most := number(maximum*100, digits); most != share {
		share += " to " + most
	}
	return fmt.Sprintf(words, share+" %")
}

// resources are the words for what can run out, where its name is no word.
var resources = map[results.Resource]string{
	results.ResourceAddressSpace: "address space",
	results.ResourceFiles:        "open files",
	results.ResourceBridgePorts:  "ports of a bridge",
	results.ResourcePool:         "the pool",
	results.ResourceLatency:      "latency of the probe",
}

// unitOf is the unit of a resource's limit.
func unitOf(r results.Resource) string {
	switch r {
	case results.ResourceTime, results.ResourceLatency:
		return results.Seconds
	case results.ResourceMemory, results.ResourceAddressSpace:
		return results.Bytes
	}
	return results.Count
}

// Stop says what ended a trial, e.g. "budget of time: 5 s", "limit of
// max_map_count: 65,530", or what the system said of a failure.
func Stop(s results.Stop) string {
	text := StopShort(s)
	if s.Reason == results.StopLimit && s.Resource != "" && s.Detail != "" {
		text += " (" + s.Detail + ")"
	}
	return text
}

// StopShort leaves out what the system said where the resource is known.
func StopShort(s results.Stop) string {
	if s == (results.Stop{}) {
		return "not recorded"
	}
	if s.Resource == "" || s.Reason == results.StopFailure {
		return cmp.Or(s.Detail, "the reason is unknown")
	}
	text := fmt.Sprintf("%s of %s", s.Reason, cmp.Or(resources[s.Resource], string(s.Resource)))
	if s.Limit > 0 {
		text += ": " + exactly(s.Limit, unitOf(s.Resource))
	}
	return text
}

// Rung says in a sentence what exists before the clock of a start begins.
func Rung(r results.Rung) string {
	switch r {
	case results.Deploy:
		return "from an artefact that this node has never seen"
	case results.Boot:
		return "from a prepared artefact, with no runtime running"
	case results.Cold:
		return "from a running runtime and a prepared artefact, nothing of the workload in memory"
	case results.Pooled:
		return "from an instance that is as ready as possible without having served a request"
	case results.Hot:
		return "from a live instance that has served a request"
	}
	return string(r)
}

// Kind names a kind of artefact.
func Kind(kind string) string {
	switch runners.Kind(kind) {
	case runners.Wasm:
		return "module"
	case runners.Native:
		return "binary"
	}
	return kind
}

// ParamNames lists the names of all parameters: those that experiments share
// first, in a fixed order, then all others by name.
func ParamNames(all ...results.Params) []string {
	names := map[string]bool{}
	for _, p := range all {
		for name := range p.Map() {
			names[name] = true
		}
	}
	var list []string
	for _, name := range []string{results.RungParam, results.PageCacheParam, results.ConcurrencyParam, results.PlacementParam} {
		if names[name] {
			list = append(list, name)
			delete(names, name)
		}
	}
	return append(list, slices.Sorted(maps.Keys(names))...)
}

// usual says whether a parameter has the value that goes without saying.
func usual(name, value string) bool {
	return name == results.PageCacheParam && value == results.PageCacheWarm
}

// Params gives the parameters that don't go without saying, as names and values,
// in the order of ParamNames.
func Params(p results.Params) [][2]string {
	var list [][2]string
	for _, name := range ParamNames(p) {
		if value := p.Get(name); !usual(name, value) {
			list = append(list, [2]string{name, value})
		}
	}
	return list
}

// Sample names a sample in one line, e.g. "wazero/compiler noop in c cold first
// response".
func Sample(k stat.Key) string {
	parts := []string{k.System.String(), k.Artefact.String()}
	var params []string
	for _, p := range Params(k.Params) {
		if p[0] == results.RungParam {
			parts = append(parts, p[1])
			continue
		}
		params = append(params, p[0]+"="+p[1])
	}
	if len(params) > 0 {
		parts = append(parts, strings.Join(params, ", "))
	}
	if k.Metric != "" {
		parts = append(parts, strings.ReplaceAll(k.Metric, "_", " "))
	}
	return strings.Join(parts, " ")
}
