package instances

import (
	"fmt"
	"strings"

	"edgebench/results"
	"edgebench/runners/agent"
	"edgebench/runners/limits"
)

// Failed is the stop of a start that failed, with the limit that the evidence shows:
// counters, the error number, and the bound of the runtime's own. before was read
// when the agent had no instances. Without evidence it is a failure, which says
// nothing about how many instances the node carries. own says that the limit is the
// process's own.
func Failed(before []limits.Limit, starts int, g agent.Grown) (stop *results.Stop, own bool) {
	stop = &results.Stop{Reason: results.StopFailure, Detail: OneLine(fmt.Sprintf("instance %d: %s", g.Live+1, g.Stopped))}
	found, ok := limits.Growth{
		Before: before, Now: g.Limits, Instances: g.Live, Starts: starts, Errno: g.Errno,
	}.Reached()
	switch {
	case g.Full:
		found, ok = limits.Limit{Resource: results.ResourcePool, Used: uint64(g.Live), Most: uint64(g.Live)}, true
	case g.Bound > 0 && g.Live >= g.Bound:
		found, ok = limits.Limit{Resource: results.ResourcePool, Used: uint64(g.Live), Most: uint64(g.Bound)}, true
	}
	if !ok {
		return stop, false
	}
	detail := stop.Detail
	stop = At(found)
	stop.Detail = detail
	return stop, !found.Node
}

// At is the stop at a limit.
func At(l limits.Limit) *results.Stop {
	return &results.Stop{Reason: results.StopLimit, Resource: l.Resource, Setting: l.Setting, Limit: float64(l.Most), Used: float64(l.Used)}
}

// maxDetail bounds what a record says of a stop, in bytes.
const maxDetail = 1000

// OneLine makes the detail of a stop from what a system said.
func OneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxDetail {
		s = strings.ToValidUTF8(s[:maxDetail], "") + "…"
	}
	return s
}
