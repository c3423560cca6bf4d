//go:build cgo && linux

package wasmtime_test

import (
	"bytes"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"edgebench/runners"
)

// TestResident counts page faults of instances that follow one another in a slot:
// there are none where its pages have stayed.
func TestResident(t *testing.T) {
	const most, least = 0.5, 2 // faults for each instance
	if n := faults(t, "aot-pooling"); n > most {
		t.Errorf("an instance in a slot that was used has %.2f page faults, more than %v", n, most)
	}
	if n := faults(t, "aot-pooling-decommit"); n < least {
		t.Errorf("an instance in a slot whose pages were given back has %.2f page faults, fewer than %v", n, float64(least))
	}
}

// faults are the page faults of the process for each of many instances.
func faults(t *testing.T, mode string) float64 {
	const instances = 2000
	l := load(t, boot(t, mode, 0), probe(t))
	churn(t, l, 100)
	before := minorFaults(t)
	churn(t, l, instances)
	return float64(minorFaults(t)-before) / instances
}

func minorFaults(t *testing.T) int64 {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return usage.Minflt
}

// TestDense counts the mappings of live instances, of which the kernel permits
// 65,530 to a process: neighbours share them in the mode aot-dense.
func TestDense(t *testing.T) {
	const instances, least = 500, 2
	if n := mappings(t, "aot-dense", instances); n > instances/10 {
		t.Errorf("%d dense instances take %d mappings, more than one for ten", instances, n)
	}
	if n := mappings(t, "aot", instances); n < least*instances {
		t.Errorf("%d instances take %d mappings, fewer than %d for each: this test has lost its reason", instances, n, least)
	}
}

// mappings is how many live instances add to those of the process.
func mappings(t *testing.T, mode string, instances int) int {
	l := load(t, boot(t, mode, 0), probe(t))
	live := make([]runners.Instance, instances)
	before := countMappings(t)
	for i := range live {
		live[i] = instantiate(t, l)
		want(t, live[i], "C", "1")
	}
	return countMappings(t) - before
}

func countMappings(t *testing.T) int {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(maps, []byte("\n"))
}
