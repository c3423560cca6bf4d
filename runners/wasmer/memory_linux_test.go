//go:build cgo && amd64 && !custom_wasmer_runtime

package wasmer_test

import (
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"

	"edgebench/runners"
)

// resident gives the resident set of this process, in bytes.
func resident(t *testing.T) int64 {
	t.Helper()
	debug.FreeOSMemory()
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(b))[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}

// serve makes an instance, lets it count and closes it.
func serve(l runners.Loaded, t *testing.T) error {
	i, err := l.Instantiate(t.Context(), nil)
	if err != nil {
		return err
	}
	defer i.Close()
	_, err = i.Call(t.Context(), nil, []byte("x"))
	return err
}

// TestSequentialInstances checks what a closed instance leaves behind: the
// library is known to keep something for each, about 100 bytes for a guest
// like this one, where a leaked memory would be 64 KiB and 6 GiB of addresses.
func TestSequentialInstances(t *testing.T) {
	const n, most = 5000, 1 << 10 // instances, bytes for each
	imports := wasi + `"fd_close" (func (param i32) (result i32)))`
	for name, fields := range map[string]string{"no imports": memory, "WASI": imports + memory} {
		t.Run(name, func(t *testing.T) {
			l := load(t, boot(t, "cranelift", 0), guest(t, fields, "(i32.const 0)"))
			repeat := func(times int) {
				for range times {
					if err := serve(l, t); err != nil {
						t.Fatal(err)
					}
				}
			}
			repeat(1000) // until allocators and tables have their size
			before := resident(t)
			repeat(n)
			if left := (resident(t) - before) / n; left > most {
				t.Errorf("an instance leaves %d bytes behind, want at most %d", left, most)
			}
		})
	}
}

// TestLiveInstances keeps 1,000 alive, each with a memory of its own.
func TestLiveInstances(t *testing.T) {
	l := load(t, boot(t, "cranelift-aot", 0), probe(t))
	live := make([]runners.Instance, 1000)
	for n := range live {
		live[n] = instantiate(t, l)
		for range n%3 + 1 {
			call(t, live[n], "C")
		}
	}
	for n, i := range live {
		if got, want := call(t, i, "C"), strconv.Itoa(n%3+2); got != want {
			t.Fatalf("instance %d counts %s, want %s", n, got, want)
		}
	}
}

// TestInstancesOnThreads makes and closes instances of one module on several
// threads at the same time.
func TestInstancesOnThreads(t *testing.T) {
	l := load(t, boot(t, "singlepass", 0), guest(t, memory, "(i32.const 0)"))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 250 {
				if err := serve(l, t); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}
