package results

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Stop says what ended a trial that adds live instances until a limit is reached.
type Stop struct {
	Reason   StopReason `json:"reason"`
	Resource Resource   `json:"resource,omitempty"`
	// Limit is how much of the resource there was, in its unit: seconds of time and
	// latency, bytes of memory or address space, a count of anything else; 0 if unknown.
	Limit float64 `json:"limit,omitempty"`
	// Used is how much of it was used at the end, in the same unit; 0 if unknown.
	Used float64 `json:"used,omitempty"`
	// Setting is what sets the limit, such as "RLIMIT_NOFILE"; "" if unknown.
	Setting string `json:"setting,omitempty"`
	// Detail is what the system said, for people.
	Detail string `json:"detail,omitempty"`
}

// StopReason is why a trial added no more instances.
type StopReason string

// The reasons. A budget belongs to the plan and says nothing about capacity.
const (
	// StopBudget: the plan asks for no more.
	StopBudget StopReason = "budget"
	// StopLimit: a limit of the node or of the system was reached.
	StopLimit StopReason = "limit"
	// StopFailure: a start failed, or a live instance died, for another reason.
	StopFailure StopReason = "failure"
)

// Resource is what ran out.
type Resource string

// The resources. A stop for an unknown reason has none.
const (
	ResourceTime         Resource = "time"
	ResourceMemory       Resource = "memory"
	ResourceInstances    Resource = "instances"
	ResourceAddressSpace Resource = "address_space"
	ResourceMaps         Resource = "max_map_count"
	ResourceProcesses    Resource = "processes"
	ResourceFiles        Resource = "open_files"
	ResourceDisk         Resource = "disk"
	ResourcePorts        Resource = "ports"
	ResourceBridgePorts  Resource = "bridge_ports"
	ResourcePool         Resource = "pool"
	ResourceLatency      Resource = "latency"
)

// exhausted lists the messages with which the kernel, Go, runtimes and engines
// report that a resource ran out. The first match decides.
var exhausted = []struct {
	words    string
	resource Resource
}{
	{"instance limit of", ResourcePool},
	{"cannot allocate memory", ResourceMemory},
	{"out of memory", ResourceMemory},
	{"not enough memory", ResourceMemory},
	{"no memory", ResourceMemory},
	{"no room", ResourceMemory},
	{"too many open files", ResourceFiles},
	{"no space left", ResourceDisk},
	{"resource temporarily unavailable", ResourceProcesses},
	{"exchange full", ResourceBridgePorts},
	{"address already in use", ResourcePorts},
	{"limit", ""},
}

// Stopped gives the stop of a start that failed, from what the system said, for
// records that hold no more than a sentence. It is a limit where the sentence
// names something that ran out, and otherwise a failure, which says nothing about
// how many instances the node carries.
func Stopped(detail string) *Stop {
	text := strings.ToLower(detail)
	for _, e := range exhausted {
		if strings.Contains(text, e.words) {
			return &Stop{Reason: StopLimit, Resource: e.resource, Detail: detail}
		}
	}
	return &Stop{Reason: StopFailure, Detail: detail}
}

// validate reports what makes a stop unusable; none is usable.
func (s *Stop) validate() error {
	switch {
	case s == nil:
		return nil
	case !slices.Contains([]StopReason{StopBudget, StopLimit, StopFailure}, s.Reason):
		return fmt.Errorf("stop: reason %q is unknown", s.Reason)
	case s.Resource != "" && !isName(string(s.Resource)) || !isAmount(s.Limit) || !isAmount(s.Used):
		return fmt.Errorf("stop: resource %q with the limit %v, of which %v are used", s.Resource, s.Limit, s.Used)
	}
	return nil
}

func isAmount(v float64) bool { return v >= 0 && !math.IsInf(v, 0) }
