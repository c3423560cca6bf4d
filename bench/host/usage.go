package host

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
