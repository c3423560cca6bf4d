package agent

import (
	"math"

	"edgebench/results"
	"edgebench/runners/limits"
)

// headroom keeps the process away from its limits on what it maps. The Go runtime ends
// a process that cannot map memory for its heap, and all instances with it.
type headroom struct {
	read func() []limits.Limit
	// before was read when there were begun instances, next is the number at which
	// to read again.
	before []limits.Limit
	begun  int
	next   int
}

// What the runtime may map for itself: mappings, and bytes of address space.
const (
	spareMappings = 64
	spareSpace    = 1 << 30
)

// farthest is the largest number of instances between two readings.
const farthest = 1 << 20

// firstLook is the number of instances after which it is known what one takes. A
// process that has fewer is left to what the runtime says.
const firstLook = 128

// exceeded gives the limit that one more than a number of instances might exceed, nil
// for none. It reads when nine tenths of the known room are used, since a reading
// takes as long as many instances.
func (h *headroom) exceeded(n int) *limits.Limit {
	if h.before == nil {
		h.before, h.begun, h.next = h.read(), n, n+firstLook
	}
	if n < h.next {
		return nil
	}
	room := math.Inf(1)
	for _, l := range h.read() {
		left, each := float64(l.Most)-spare(l.Resource)-float64(l.Used), h.each(l, n)
		if each > 0 {
			room = min(room, left/each)
		}
		if room < 1 {
			return &l
		}
	}
	h.next = n + max(1, int(min(room, farthest)*0.9))
	return nil
}

func spare(r results.Resource) float64 {
	if r == results.ResourceMaps {
		return spareMappings
	}
	return spareSpace
}

// each is what an instance has taken of a resource since before.
func (h *headroom) each(l limits.Limit, n int) float64 {
	for _, b := range h.before {
		if b.Setting == l.Setting && l.Used > b.Used {
			return float64(l.Used-b.Used) / float64(n-h.begun)
		}
	}
	return 0
}
