package host

import (
	"fmt"
	"math"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/results"
)

// Sizes of the measurement of the kernel's costs. The shortest of costRounds rounds
// counts, since whatever disturbs a round makes it longer.
const (
	costRounds = 16
	costCalls  = 500
	costPages  = 256
)

// measureCosts takes what the kernel's shortest services need on this machine. Most of
// the start of an instance or a container is made of them. It takes some milliseconds,
// and gives nil where the kernel gives no memory.
func measureCosts() *results.HostCosts {
	calls, faults := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for range costRounds {
		fault, err := writePages(costPages)
		if err != nil {
			return nil
		}
		faults = min(faults, fault)
		calls = min(calls, callKernel(costCalls))
	}
	return &results.HostCosts{SystemCall: calls / costCalls, PageFault: faults / costPages}
}

// callKernel makes n system calls that do next to nothing.
func callKernel(n int) time.Duration {
	from := time.Now()
	for range n {
		_, _, _ = unix.RawSyscall(unix.SYS_GETPPID, 0, 0, 0) // it can't fail
	}
	return time.Since(from)
}

// writePages writes to each of n fresh pages for the first time.
func writePages(n int) (time.Duration, error) {
	size := unix.Getpagesize()
	pages, err := unix.Mmap(-1, 0, n*size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return 0, fmt.Errorf("map %d pages: %w", n, err)
	}
	_ = unix.Madvise(pages, unix.MADV_NOHUGEPAGE) // a kernel without huge pages refuses
	from := time.Now()
	for i := range n {
		pages[i*size] = 1
	}
	took := time.Since(from)
	return took, unix.Munmap(pages)
}

// checkCosts judges what the kernel's services take.
func checkCosts(c *results.HostCosts) Finding {
	f := Finding{Name: "kernel", State: OK,
		Meaning: "starts and memory are made of page faults and system calls: where these are dear, figures are several times those of hardware"}
	if c == nil {
		f.State = Unknown
		return f
	}
	f.Value = c.String()
	if c.Dear() {
		f.State = Warn
		f.Remedy = "publish this with the figures; measure on hardware, or in a virtual machine whose page tables the processor walks"
	}
	return f
}
