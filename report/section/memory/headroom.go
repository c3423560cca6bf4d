package memory

import (
	"strings"

	"edgebench/report/model"
	"edgebench/report/view"
)

// goHeap is the setting "memory_allocator" of systems whose instances live on the heap
// of a Go program.
const goHeap = "Go heap"

// headRoom names the systems whose instances lie on a garbage-collected heap: the slope
// counts what is live, and the heap grows to twice that before it is collected.
func headRoom(v *view.View, g *model.Grid) []string {
	var names []string
	for _, r := range g.Rows {
		if v.Found(r.System.Of()).Settings["memory_allocator"] == goHeap {
			names = append(names, r.System.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []string{"instances of " + strings.Join(names, ", ") +
		" lie on Go's heap, which by default (GOGC=100) grows to twice what is live before it is collected: allow as much again"}
}
