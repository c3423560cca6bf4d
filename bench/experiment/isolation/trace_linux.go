package isolation

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// trace is strace at work on an agent and on all that it starts.
type trace struct {
	cmd  *exec.Cmd // nil where it cannot be had
	path string
}

// attachWithin bounds how long strace may take to attach.
const attachWithin = 5 * time.Second

// startTrace starts strace and waits until it has attached. A machine that has none, or
// does not let it trace, has no figure.
func startTrace(ctx context.Context, pid int, dir string) *trace {
	t := &trace{path: filepath.Join(dir, "trace")}
	path, err := exec.LookPath("strace")
	if err != nil {
		return t
	}
	cmd := exec.CommandContext(ctx, path, "-f", "-o", t.path, "-p", strconv.Itoa(pid))
	said, err := cmd.StderrPipe()
	if err != nil || cmd.Start() != nil {
		return t
	}
	attached := make(chan error, 1)
	go func() {
		r := bufio.NewReader(said)
		_, err := r.ReadString('\n')
		attached <- err
		_, _ = io.Copy(io.Discard, r)
	}()
	select {
	case err = <-attached:
	case <-time.After(attachWithin):
		err = context.DeadlineExceeded
	}
	if err != nil {
		cmd.Process.Kill()
		_ = cmd.Wait() // which says that it was killed
		return t
	}
	t.cmd = cmd
	return t
}

// A line begins with the thread's number and the name of a call.
var callLine = regexp.MustCompile(`^(\d+) +([a-z][a-z0-9_]*)\(`)

// stop ends strace, which lets the traced go on, and reads what they have called.
func (t *trace) stop() called {
	all := called{}
	if t.cmd == nil {
		return all
	}
	t.cmd.Process.Signal(os.Interrupt)
	_ = t.cmd.Wait() // which says that it was interrupted
	f, err := os.Open(t.path)
	if err != nil {
		return all
	}
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		m := callLine.FindStringSubmatch(in.Text())
		if m == nil {
			continue
		}
		thread, err := strconv.Atoi(m[1])
		if err == nil {
			all[thread] = append(all[thread], m[2])
		}
	}
	return all
}
