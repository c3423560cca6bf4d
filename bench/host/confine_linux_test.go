package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// A process that is started within a group is charged to it, and removing the group
// ends it.
func TestConfine(t *testing.T) {
	name := fmt.Sprintf("edgebench-confine-test-%d", os.Getpid())
	c, err := Confine(name, 64<<20)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Confine(name, 64<<20); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a group of the same name: %v", err)
	}
	child := exec.Command("sleep", "1000")
	if err := c.Start(child.Start); err != nil {
		t.Fatal(err)
	}
	_, dir, err := memoryFolder(c.Path())
	if err != nil {
		t.Fatal(err)
	}
	if limit, err := os.ReadFile(filepath.Join(dir, "memory.limit_in_bytes")); err != nil || string(limit) != "67108864\n" {
		t.Errorf("the limit is %q (%v)", limit, err)
	}
	if outside := OutsideGroup(c.Path(), []int{child.Process.Pid, os.Getpid()}); !slices.Equal(outside, []int{os.Getpid()}) {
		t.Errorf("outside of the group are %v, this process is %d", outside, os.Getpid())
	}
	if charge, err := GroupCharge(c.Path()); err != nil || charge == 0 || charge > 16<<20 {
		t.Errorf("a process that sleeps is charged %d bytes (%v)", charge, err)
	}
	if err := c.Remove(); err != nil {
		t.Error(err)
	}
	if err := child.Wait(); err == nil {
		t.Error("the process ended by itself")
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the group is still there (%v)", err)
	}
}

func TestFilePages(t *testing.T) {
	if got := filePages("cache 9\ntotal_cache 8\ntotal_inactive_file 300\ntotal_active_file 40\nactive_file 7\n"); got != 340 {
		t.Errorf("got %d", got)
	}
}

func TestNodeMemory(t *testing.T) {
	root := at(t.TempDir())
	if m := root.nodeMemory(); m != (Total{Stalled: -1}) {
		t.Errorf("of a machine that tells nothing: %+v", m)
	}
	m, err := NodeMemory()
	if err != nil || m.Available == 0 || m.Available > m.Total+m.Total/10 {
		t.Errorf("%+v (%v)", m, err)
	}
}
