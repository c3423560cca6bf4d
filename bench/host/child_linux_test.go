package host

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// childVar makes this test binary a child with a known use of resources. Its
// value is a list of words: what to do, and with how much.
const childVar = "PROBE_TEST_CHILD"

func TestMain(m *testing.M) {
	if what := os.Getenv(childVar); what != "" {
		if err := beChild(strings.Fields(what)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// beChild says "ready", waits for a line, does its work, says "done" with a
// result, and waits until its standard input ends.
func beChild(words []string) error {
	debug.SetGCPercent(-1) // so that nothing but the work changes its memory
	in := bufio.NewReader(os.Stdin)
	work, err := prepare(words)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	if _, err := in.ReadString('\n'); err != nil {
		return err
	}
	result, err := work()
	if err != nil {
		return err
	}
	fmt.Println("done", result)
	_, err = io.Copy(io.Discard, in)
	return err
}

func prepare(words []string) (work func() (string, error), err error) {
	n := 0
	if len(words) > 1 {
		if n, err = strconv.Atoi(words[1]); err != nil {
			return nil, err
		}
	}
	switch words[0] {
	case "idle":
		return func() (string, error) { return "", nil }, nil
	case "anonymous": // BYTES STRIDE: touches every STRIDE-th byte
		stride, err := strconv.Atoi(words[2])
		if err != nil {
			return nil, err
		}
		return toucher(n, stride, -1, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE)
	case "shared": // BYTES of the file that is its descriptor 3
		return toucher(n, os.Getpagesize(), 3, unix.MAP_SHARED)
	}
	return nil, fmt.Errorf("unknown work %q", words)
}

func toucher(n, stride, fd, flags int) (func() (string, error), error) {
	memory, err := unix.Mmap(fd, 0, n, unix.PROT_READ|unix.PROT_WRITE, flags)
	if err != nil {
		return nil, err
	}
	if err := unix.Madvise(memory, unix.MADV_NOHUGEPAGE); err != nil {
		return nil, err
	}
	return func() (string, error) {
		for i := 0; i < n; i += stride {
			memory[i] = 1
		}
		return "", nil
	}, nil
}

// child is a started child.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func start(work string, files ...*os.File) (*child, error) {
	c := &child{cmd: exec.Command("/proc/self/exe")}
	c.cmd.Env = append(os.Environ(), childVar+"="+work)
	c.cmd.Stderr, c.cmd.ExtraFiles = os.Stderr, files
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	_, err = c.expect("ready")
	return c, err
}

func (c *child) expect(word string) (string, error) {
	line, err := c.out.ReadString('\n')
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), word)
	if err != nil || !ok {
		return "", fmt.Errorf("the child says %q, %v", line, err)
	}
	return strings.TrimSpace(rest), nil
}

// ask lets the child do its work and returns the result.
func (c *child) ask() (string, error) {
	if _, err := io.WriteString(c.in, "\n"); err != nil {
		return "", err
	}
	return c.expect("done")
}

func (c *child) pid() int { return c.cmd.Process.Pid }

// spawn starts a child that ends with the test.
func spawn(t testing.TB, work string, files ...*os.File) *child {
	t.Helper()
	c, err := start(work, files...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.in.Close()
		c.cmd.Wait()
	})
	return c
}

func (c *child) do(t testing.TB) string {
	t.Helper()
	result, err := c.ask()
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// waitForZombie waits until a killed process has ended.
func waitForZombie(t *testing.T, pid int) {
	t.Helper()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(time.Millisecond) {
		proc, err := process(pid)
		if err != nil {
			return
		}
		if s, err := proc.Stat(); err != nil || s.State == "Z" {
			return
		}
	}
	t.Fatalf("process %d does not end", pid)
}
