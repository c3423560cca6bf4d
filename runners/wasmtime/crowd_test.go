//go:build cgo

package wasmtime_test

import (
	"bytes"
	"errors"
	"os"
	"strconv"
	"testing"

	"edgebench/runners"
)

// TestThousand keeps 1,000 instances alive at once, each with its own count.
func TestThousand(t *testing.T) {
	inAllModes(t, func(t *testing.T, mode string) {
		l := load(t, boot(t, mode, 0), guestOf(t, mode))
		live := make([]runners.Instance, 1000)
		for i := range live {
			live[i] = instantiate(t, l)
			want(t, live[i], "C", "1")
		}
		for _, in := range live {
			want(t, in, "C", "2")
		}
	})
}

// TestLeak makes 20,000 instances one after the other. What they leave resident
// must be less than a page each; through wasmtime-go the Go heap grows until
// its finalizers keep up.
func TestLeak(t *testing.T) {
	if testing.Short() {
		t.Skip("20,000 instances in each mode take seconds; run without -short")
	}
	inAllModes(t, func(t *testing.T, mode string) {
		l := load(t, boot(t, mode, 0), guestOf(t, mode))
		churn(t, l, 2000)
		before := resident(t)
		churn(t, l, 20_000)
		const most = 64 << 20
		grown := resident(t) - before
		t.Logf("the process grew by %d KiB over 20,000 instances", grown>>10)
		if grown > most {
			t.Errorf("20,000 closed instances left %d bytes resident, more than %d", grown, most)
		}
	})
}

func churn(t *testing.T, l runners.Loaded, n int) {
	var response []byte
	for range n {
		in, err := l.Instantiate(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if response, err = in.Call(t.Context(), response[:0], []byte("C")); err != nil || string(response) != "1" {
			t.Fatalf("Call = %q, %v", response, err)
		}
		in.Close()
	}
}

// resident is the resident set of this process in bytes.
func resident(t *testing.T) int {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skipf("the resident set is read from /proc, which only Linux has: %v", err)
	}
	pages, err := strconv.Atoi(string(bytes.Fields(b)[1]))
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// TestManyRuntimes lives through more runtimes than the address space holds
// pools, each with a function that was called.
func TestManyRuntimes(t *testing.T) {
	inAllModes(t, func(t *testing.T, mode string) {
		a := guestOf(t, mode)
		for range 40 {
			rt := boot(t, mode, 0)
			l := load(t, rt, a)
			in := instantiate(t, l)
			want(t, in, "C", "1")
			in.Close()
			l.Close()
			rt.Close()
		}
	})
}

// TestParallel instantiates and calls from several goroutines at once.
func TestParallel(t *testing.T) {
	inAllModes(t, func(t *testing.T, mode string) {
		l := load(t, boot(t, mode, 0), guestOf(t, mode))
		failed := make(chan error)
		for range 8 {
			go func() { failed <- worker(t, l) }()
		}
		for range 8 {
			if err := <-failed; err != nil {
				t.Error(err)
			}
		}
	})
}

// worker lives through 50 instances, some of which trap.
func worker(t *testing.T, l runners.Loaded) error {
	for i := range 50 {
		in, err := l.Instantiate(t.Context(), nil)
		if err != nil {
			return err
		}
		response, err := in.Call(t.Context(), nil, []byte("E"+strconv.Itoa(i)))
		if err != nil || string(response) != strconv.Itoa(i) {
			return errors.Join(errors.New("echo gives "+string(response)), err)
		}
		if i%5 == 0 {
			if _, err := in.Call(t.Context(), nil, []byte("T")); !errors.Is(err, runners.ErrTrap) {
				return errors.Join(errors.New("no trap"), err)
			}
		}
		if err := in.Close(); err != nil {
			return err
		}
	}
	return nil
}
