package build_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"edgebench/runners"
	"edgebench/runners/frame"
	"edgebench/workloads/build"
)

// Programs that come in images alone are asked here without one, by whatever
// interpreter this machine has.

// interpreters are the commands, and the variables by which they find the kit.
var interpreters = map[string]struct{ command, suffix, variable, kit string }{
	"javascript": {"node", ".js", "NODE_PATH", "javascript"},
	"python":     {"python3", ".py", "PYTHONPATH", "python"},
}

// eachInterpreted gives a test a program's command in the form of a file.
func eachInterpreted(t *testing.T, test func(*testing.T, build.Workload, string)) {
	if runtime.GOOS == "windows" {
		t.Skip("the test starts interpreters by a shell")
	}
	root := suiteRoot(t)
	set, err := build.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range set.All() {
		for language, i := range interpreters {
			if !slices.Contains(w.Languages, language) {
				continue
			}
			t.Run(w.Name+"-"+language, func(t *testing.T) {
				path, err := exec.LookPath(i.command)
				if err != nil {
					t.Skipf("%s is not installed: run scripts/setup-debian.sh", i.command)
				}
				below := filepath.Join(root, build.Folder)
				script := fmt.Sprintf("#!/bin/sh\nPYTHONDONTWRITEBYTECODE=1 %s='%s' exec '%s' '%s' \"$@\"\n", i.variable,
					filepath.Join(below, "guest", i.kit), path, filepath.Join(below, w.Name, language, w.Name+i.suffix))
				command := filepath.Join(t.TempDir(), "command")
				if err := runners.WriteProgram(command, strings.NewReader(script)); err != nil {
					t.Fatal(err)
				}
				test(t, w, command)
			})
		}
	}
}

func TestInterpretedOverPipes(t *testing.T) {
	eachInterpreted(t, func(t *testing.T, w build.Workload, command string) {
		p := startIn(t, w.Files, command)
		answersAll(t, w, p)
		answersAll(t, w, p)
		p.end(t)
	})
}

func TestInterpretedOverSocket(t *testing.T) {
	eachInterpreted(t, func(t *testing.T, w build.Workload, command string) {
		dir, err := os.MkdirTemp("", "wl") // short enough for a socket
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		path := filepath.Join(dir, "s")
		listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		cmd := exec.CommandContext(t.Context(), command, path)
		cmd.Stderr = t.Output()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		listener.SetDeadline(time.Now().Add(20 * time.Second))
		conn, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		p := &process{frame.NewConn(conn, conn), cmd, conn.Close}
		answersAll(t, w, p)
		entry, err := p.Ping()
		if err != nil {
			t.Fatal(err)
		}
		if at, ok := frame.OnOurClock(entry); runtime.GOOS == "linux" && (!ok || at <= 0) {
			t.Errorf("the program began at %v (%v)", at, ok)
		}
		p.end(t)
	})
}

// TestInterpretedBadInput checks that a program tells an end within a frame from
// one between two.
func TestInterpretedBadInput(t *testing.T) {
	eachInterpreted(t, func(t *testing.T, _ build.Workload, command string) {
		for name, input := range map[string]string{
			"half a header": "\x01\x00", "half a request": "\x05\x00\x00\x00abc", "a request beyond the bound": "\x01\x00\x00\x04",
		} {
			cmd := exec.CommandContext(t.Context(), command)
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			in.Write([]byte(input))
			in.Close()
			if cmd.Wait(); cmd.ProcessState.ExitCode() != 1 {
				t.Errorf("%s: exit code %d, want 1", name, cmd.ProcessState.ExitCode())
			}
		}
	})
}
