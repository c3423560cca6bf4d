package results

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// HostCosts are the shortest times that the kernel's shortest services and the lookup of
// an address take.
type HostCosts struct {
	// SystemCall is one that does next to nothing.
	SystemCall time.Duration `json:"system_call_ns"`
	// PageFault is the first write to a page of anonymous memory.
	PageFault time.Duration `json:"page_fault_ns"`
	// TLBMiss is a read of a page whose address the processor no longer knows (the
	// translation lookaside buffer misses); 0 in older runs.
	TLBMiss time.Duration `json:"tlb_miss_ns,omitempty"`
}

// HostCost is one of them.
type HostCost struct {
	Name string
	Took time.Duration
	// Hardware is what it takes at most on a server's hardware, without a virtual
	// machine.
	Hardware time.Duration
	// Dear says that it takes several times that, and figures with it.
	Dear bool
}

// String is for people, as in "page fault 0.9 µs".
func (c HostCost) String() string {
	return c.Name + " " + short(c.Took)
}

// Bound is for people, as in "below 1 µs".
func (c HostCost) Bound() string { return "below " + short(c.Hardware) }

// short gives three digits.
func short(d time.Duration) string {
	if d < 100*time.Nanosecond {
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	}
	return fmt.Sprintf("%.3g µs", d.Seconds()*1e6)
}

// List gives those that are known.
func (c *HostCosts) List() []HostCost {
	if c == nil {
		return nil
	}
	list := []HostCost{
		{"system call", c.SystemCall, 300 * time.Nanosecond, c.SystemCall > time.Microsecond},
		{"page fault", c.PageFault, time.Microsecond, c.PageFault > 2*time.Microsecond},
	}
	if c.TLBMiss > 0 {
		list = append(list, HostCost{"TLB miss", c.TLBMiss, 60 * time.Nanosecond, c.TLBMiss > 200*time.Nanosecond})
	}
	return list
}

// Dear gives those that are dear: the first two bear on starts and memory, a TLB miss on
// all that runs cold.
func (c *HostCosts) Dear() []HostCost {
	return slices.DeleteFunc(c.List(), func(one HostCost) bool { return !one.Dear })
}

// String is for people, as in "system call 0.16 µs, page fault 0.9 µs, TLB miss 40 ns".
func (c *HostCosts) String() string {
	var parts []string
	for _, one := range c.List() {
		parts = append(parts, one.String())
	}
	return strings.Join(parts, ", ")
}
