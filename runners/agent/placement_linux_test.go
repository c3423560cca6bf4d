package agent

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// pinnedEnv makes this test's program one with several threads, which says so and ends
// with its stdin.
const pinnedEnv = "EDGEBENCH_TEST_TO_BE_PINNED"

// TestPinProcess holds a program of several threads on each core in turn.
func TestPinProcess(t *testing.T) {
	if os.Getenv(pinnedEnv) != "" {
		fmt.Println("alive")
		os.Stdin.Read(make([]byte, 1))
		return
	}
	list, err := allowedCores()
	if err != nil || len(list) == 0 {
		t.Fatalf("this process may use the cores %v, %v", list, err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestPinProcess$")
	cmd.Env = append(os.Environ(), pinnedEnv+"=1")
	stdin, _ := cmd.StdinPipe()
	stdout, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer stdin.Close()
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil || line != "alive\n" {
		t.Fatalf("the program says %q, %v", line, err)
	}
	for _, core := range list {
		if err := pinProcess(cmd.Process.Pid, core); err != nil {
			t.Fatal(err)
		}
		threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", cmd.Process.Pid))
		for _, dir := range threads {
			thread, _ := strconv.Atoi(filepath.Base(dir))
			var set unix.CPUSet
			if err := unix.SchedGetaffinity(thread, &set); err != nil || set.Count() != 1 || !set.IsSet(core) {
				t.Errorf("thread %d may use %d cores, want core %d alone (%v)", thread, set.Count(), core, err)
			}
		}
		if len(threads) < 2 {
			t.Errorf("%d threads; this test needs several", len(threads))
		}
	}
	if err := pinProcess(1<<30, list[0]); err == nil {
		t.Error("a process that does not exist is held")
	}
}
