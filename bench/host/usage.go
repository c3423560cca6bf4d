package host

import "time"

// Total is the memory of the whole node at one moment. All counters begin when the
// machine is started.
type Total struct {
	// Available is as the function of that name gives it, Total is MemTotal, in
	// bytes.
	Available, Total uint64
	// Kernel is what the kernel holds for itself: slabs, stacks, page tables and data
	// of each CPU, in bytes.
	Kernel uint64
	// Stalled is for how long some task has waited for memory; negative where the
	// kernel does not tell.
	Stalled time.Duration
	// Killed is how many processes the kernel has killed for want of memory.
	Killed uint64
}

// Usage is the memory of a set of processes at about one moment.
type Usage struct {
	// PSS is the sum of their proportional set sizes. It contains neither page
	// tables nor pages of hugetlbfs.
	PSS uint64
	// PageTables is the sum of their page tables on all levels below the top
	// one, which has a page or two for each process.
	PageTables uint64
	// RSS is the sum of their resident set sizes. It counts shared pages more
	// than once and is for information.
	RSS uint64
	// Swap is the sum of their proportional shares of what is swapped out.
	Swap uint64
	// Processes is the number of processes that were added up.
	Processes int
	// Gone are the others: they had ended before they could be read, so they
	// hold no memory any more. Kernel threads, which never hold any, count as
	// gone too.
	Gone []int
}
