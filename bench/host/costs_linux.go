package host

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/results"
)

// Sizes of the measurement of the machine's costs. The shortest of costRounds rounds
// counts, since whatever disturbs a round makes it longer.
const (
	costRounds = 16
	costCalls  = 500
	costPages  = 256
	// missBytes are spanned by more pages than the second translation lookaside buffers
	// of present processors hold, of which a line each is read: half a megabyte.
	missBytes = 8192 * 4096
	lineBytes = 64
)

// measureCosts takes what the kernel's shortest services and the lookup of an address
// need on this machine. Most of the start of an instance or a container is made of them.
// It takes some milliseconds, a fifth of a second on a slow machine, and gives nil where
// the kernel gives no memory.
func measureCosts() *results.HostCosts {
	missPages := missBytes / unix.Getpagesize()
	chain, err := newChain(missPages)
	if err != nil {
		return nil
	}
	defer chain.close()
	calls, faults, misses := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for range costRounds {
		fault, err := writePages(costPages)
		if err != nil {
			return nil
		}
		faults = min(faults, fault)
		calls = min(calls, callKernel(costCalls))
	}
	for range costRounds { // after these: the kernel's own work would evict the page tables from the caches
		misses = min(misses, chain.follow(missPages))
	}
	return &results.HostCosts{SystemCall: calls / costCalls, PageFault: faults / costPages, TLBMiss: misses / time.Duration(missPages)}
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
	pages, err := freshPages(n)
	if err != nil {
		return 0, err
	}
	size := unix.Getpagesize()
	from := time.Now()
	for i := range n {
		pages[i*size] = 1
	}
	took := time.Since(from)
	return took, unix.Munmap(pages)
}

// freshPages maps n small pages.
func freshPages(n int) ([]byte, error) {
	pages, err := unix.Mmap(-1, 0, n*unix.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return nil, fmt.Errorf("map %d pages: %w", n, err)
	}
	_ = unix.Madvise(pages, unix.MADV_NOHUGEPAGE) // a kernel without huge pages refuses
	return pages, nil
}

// chain is a list with an element in each of many pages, in an order by chance.
type chain struct {
	pages []byte
	at    uint64 // the element where the last call has ended
}

// newChain makes one that visits each of n pages before it comes back. The elements' places
// in their pages differ, so that they do not share a few sets of the cache.
func newChain(n int) (*chain, error) {
	pages, err := freshPages(n)
	if err != nil {
		return nil, err
	}
	size := unix.Getpagesize()
	place := func(page int) uint64 { return uint64(page*size + page%(size/lineBytes)*lineBytes) }
	order := rand.New(rand.NewPCG(1, 1)).Perm(n) // the same order in each run
	for i, page := range order {
		binary.NativeEndian.PutUint64(pages[place(page):], place(order[(i+1)%n]))
	}
	return &chain{pages: pages, at: place(order[0])}, nil
}

// follow takes n steps, each of which has to wait for the one before.
func (c *chain) follow(n int) time.Duration {
	at, from := c.at, time.Now()
	for range n {
		at = binary.NativeEndian.Uint64(c.pages[at:])
	}
	took := time.Since(from)
	c.at = at
	return took
}

func (c *chain) close() { _ = unix.Munmap(c.pages) }

// checkCosts judges what the kernel's services and the lookup of an address take.
func checkCosts(c *results.HostCosts) Finding {
	f := Finding{Name: "costs", State: OK,
		Meaning: "starts and memory are made of page faults and system calls, and cold code misses the TLB: where these are dear, figures are several times those of hardware"}
	if c == nil {
		f.State = Unknown
		return f
	}
	f.Value = c.String()
	if len(c.Dear()) > 0 {
		f.State = Warn
		f.Remedy = "publish this with the figures; measure on hardware, or in a virtual machine whose page tables the processor walks"
	}
	return f
}
