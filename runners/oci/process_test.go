//go:build linux

package oci

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A process that does not end when it is killed is an error, and is reaped when it
// ends later. One that was not killed stands for it.
func TestReapIsBounded(t *testing.T) {
	cmd := exec.Command("sleep", "1000")
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	p := &process{pid: cmd.Process.Pid}
	if _, err := p.reapKilled(time.Millisecond); err == nil || !strings.Contains(err.Error(), "has not ended within 1ms") || p.id() == 0 {
		t.Errorf("a process that lives is reaped: %v, its number is %d", err, p.id())
	}
	if err := p.signal(unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	status, err := p.reapKilled(time.Minute)
	if err != nil || status.Signal() != unix.SIGKILL || p.id() != 0 {
		t.Errorf("a killed process: %v, %v, its number is %d", describe(status), err, p.id())
	}
}
