package trial

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"edgebench/bench/host"
	"edgebench/runners"
)

// What is charged to the control group does not count a second time as a process's or a
// daemon's own memory.
func TestChargeCountsOnce(t *testing.T) {
	group, err := host.Confine(fmt.Sprintf("edgebench-charge-test-%d", os.Getpid()), 64<<20)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer group.Remove()
	within := exec.Command("sleep", "1000")
	if err := group.Start(within.Start); err != nil {
		t.Fatal(err)
	}
	defer within.Process.Kill()
	pids := []int{within.Process.Pid, os.Getpid()}
	c, err := Node{}.Charge(group.Path(), runners.MemoryOwners{PIDs: pids[:1], Daemons: pids[:1]})
	if err != nil || c.Group == 0 || c.Beside != 0 || c.Daemons != 0 {
		t.Errorf("of a process within: %+v, %v", c, err)
	}
	c, err = Node{}.Charge(group.Path(), runners.MemoryOwners{PIDs: pids[1:], Daemons: pids})
	if err != nil || c.Beside == 0 || c.Daemons == 0 {
		t.Errorf("of a process outside: %+v, %v", c, err)
	}
}
