// Package limits tells which resource has run out when a process can add no further
// live instance. Read gives the counters of this process and of its node beside
// their limits, and Reached decides from two such readings and an error number.
// What an error says in words is never read.
package limits

import (
	"slices"
	"syscall"

	"edgebench/results"
)

// Limit is one bounded resource at one moment. Used and Most have the unit of
// results.Stop.Limit: bytes of memory and address space, counts of all else.
type Limit struct {
	Resource results.Resource `json:"resource"`
	// Setting is what sets the limit, such as "RLIMIT_NOFILE".
	Setting string `json:"setting"`
	Used    uint64 `json:"used"`
	Most    uint64 `json:"most"`
	// Node says that all processes of the node share the resource, so that a
	// further process has no more of it.
	Node bool `json:"node,omitempty"`
}

// Growth is what is known when no further instance could be added.
type Growth struct {
	// Before was read when there were no instances, Now after the failure.
	Before, Now []Limit
	// Instances live now. Starts is how many were started at a time, at least 1.
	Instances, Starts int
	// Errno is the error number of the failure, 0 where it had none.
	Errno syscall.Errno
}

// Reached gives the limit that was reached. ok is false where neither a counter nor
// the error number tells. A limit that the error number alone tells has neither Used
// nor Most.
//
// A counter is at its limit where it has no room for the instances that were being
// started and one more, or less than a hundredth of the limit. Of several it is the
// one with room for the fewest instances.
func (g Growth) Reached() (found Limit, ok bool) {
	named := byErrno(g.Errno)
	least := 0.0
	for _, l := range g.Now {
		if len(named) > 0 && !slices.Contains(named, l.Resource) {
			continue
		}
		if room, full := g.room(l); full && (!ok || room < least) {
			found, least, ok = l, room, true
		}
	}
	if !ok && len(named) > 0 {
		return Limit{Resource: named[0], Node: named[0] != results.ResourceFiles}, true
	}
	return found, ok
}

// hundredth of a limit counts as none.
const hundredth = 100

// room says for how many instances a limit has room, and whether it is full.
func (g Growth) room(l Limit) (instances float64, full bool) {
	if l.Most == 0 {
		return 0, false
	}
	left := float64(l.Most) - float64(l.Used)
	each := g.each(l)
	full = left <= each*float64(max(g.Starts, 1)+1) || left <= float64(l.Most)/hundredth
	return left / max(each, 1), full
}

// each is what an instance has taken of a resource, 0 where that is not known.
func (g Growth) each(l Limit) float64 {
	for _, b := range g.Before {
		if b.Setting == l.Setting && l.Used > b.Used && g.Instances > 0 {
			return float64(l.Used-b.Used) / float64(g.Instances)
		}
	}
	return 0
}

// byErrno lists the resources that an error number of errno(3) can mean, the one
// that it means without any counter first; none for all others.
func byErrno(n syscall.Errno) []results.Resource {
	switch n {
	case syscall.ENOMEM:
		return []results.Resource{results.ResourceMemory, results.ResourceMaps, results.ResourceAddressSpace}
	case syscall.EMFILE, syscall.ENFILE:
		return []results.Resource{results.ResourceFiles}
	case syscall.EAGAIN:
		return []results.Resource{results.ResourceProcesses}
	case syscall.ENOSPC:
		return []results.Resource{results.ResourceDisk}
	case syscall.EADDRINUSE, syscall.EADDRNOTAVAIL:
		return []results.Resource{results.ResourcePorts}
	}
	return nil
}
