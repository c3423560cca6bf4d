package probe

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// used is the CPU time of this process by another way.
func used(t *testing.T) time.Duration {
	t.Helper()
	var r unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func TestCPUTimeAgreesWithRusage(t *testing.T) {
	for spent := used(t); used(t) < spent+20*time.Millisecond; {
	}
	before := used(t)
	got, err := CPUTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	after := used(t)
	// getrusage cuts both of its parts to whole microseconds.
	if got < before || got > after+2*time.Microsecond {
		t.Errorf("%v lies outside %v to %v", got, before, after)
	}
}

func TestCPUTimeOfTheDead(t *testing.T) {
	c := spawn(t, "idle")
	c.cmd.Process.Kill()
	c.cmd.Wait()
	for _, pid := range []int{c.pid(), 0, -1} {
		if _, err := CPUTime(pid); err == nil {
			t.Errorf("process %d has a CPU time", pid)
		}
	}
	if _, err := CPUTime(c.pid()); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("%v is not ErrProcessDone", err)
	}
}

func TestDescendants(t *testing.T) {
	c := spawn(t, "parent 3")
	var want []int
	for _, word := range strings.Fields(c.do(t)) {
		var pid int
		if _, err := fmt.Sscan(word, &pid); err != nil {
			t.Fatal(err)
		}
		want = append(want, pid)
	}
	slices.Sort(want)
	got, err := Descendants(c.pid())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) != 3 {
		t.Error(diff)
	}
	if all, err := Descendants(os.Getpid()); err != nil || !slices.Contains(all, c.pid()) || !slices.Contains(all, want[0]) {
		t.Errorf("descendants of this process: %v, %v", all, err)
	}
}

func TestAlive(t *testing.T) {
	c := spawn(t, "idle")
	began, err := StartTime(c.pid())
	if err != nil {
		t.Fatal(err)
	}
	if !Alive(c.pid(), began) {
		t.Error("a living process is not alive")
	}
	if Alive(c.pid(), began+1) {
		t.Error("a process with another start time is alive")
	}
	c.cmd.Process.Kill()
	waitForZombie(t, c.pid())
	if Alive(c.pid(), began) {
		t.Error("a zombie is alive")
	}
	c.cmd.Wait()
	if Alive(c.pid(), began) {
		t.Error("a process that was reaped is alive")
	}
	if _, err := StartTime(c.pid()); err == nil {
		t.Error("a process that was reaped has a start time")
	}
}

// waitForZombie waits until a killed process has ended.
func waitForZombie(t *testing.T, pid int) {
	t.Helper()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(time.Millisecond) {
		if s, err := stat(pid); err != nil || s.State == "Z" {
			return
		}
	}
	t.Fatalf("process %d does not end", pid)
}

func TestMapCount(t *testing.T) {
	const n = 500
	c := spawn(t, fmt.Sprintf("mappings %d", n))
	before, limit, err := MapCount(c.pid())
	if err != nil {
		t.Fatal(err)
	}
	c.do(t)
	after, _, err := MapCount(c.pid())
	if err != nil {
		t.Fatal(err)
	}
	// A new mapping may merge with one that was there, and Go may map a bit.
	near(t, "mappings", float64(after-before), n, 0, 8)
	if limit <= after {
		t.Errorf("the limit is %d, and there are %d", limit, after)
	}
	if _, _, err := MapCount(-1); err == nil {
		t.Error("an impossible process has mappings")
	}
}
