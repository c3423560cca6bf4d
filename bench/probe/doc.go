// Package probe reads what the kernel knows about processes and about the
// node: memory, CPU time, descent. It has no opinion on when to look or what
// to make of it. It works on Linux; elsewhere every function that needs the
// kernel gives an error that wraps errors.ErrUnsupported.
//
// # What memory costs
//
// Adding up RSS counts a page that k processes share k times, which overstates
// many small processes several times over. PSS counts it 1/k for each of them,
// so that a sum of PSS over processes that share among themselves counts each
// page once. Page tables are on top of it: no process shares them, PSS does
// not contain them, and for sparse address spaces, as WebAssembly runtimes
// reserve them, they can be as large as the memory itself. Kernel stacks,
// namespaces, mounts and sockets are in neither; of those, Cgroup sees most
// and Available sees all, each with a grain of its own (see there).
//
// Sources: proc(5), the kernel's Documentation/filesystems/proc.rst and
// Documentation/admin-guide/cgroup-v1/memory.rst, cgroup-v2.rst.
//
// All sizes are bytes.
package probe

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
