//go:build linux

package oci

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"edgebench/runners"
)

// TestRootless runs tests of this binary as a user who may do nothing.
func TestRootless(t *testing.T) {
	if !privileged() {
		t.Skip("this is rootless already: all tests are")
	}
	path, err := guest()
	if err != nil {
		t.Skipf("%v (a Go toolchain is needed)", err)
	}
	// Where that user may read it: the folders of `go test` are private.
	dir, err := os.MkdirTemp("", "edgebench-rootless-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	self, inspect, tmp := filepath.Join(dir, "test"), filepath.Join(dir, "inspect"), filepath.Join(dir, "tmp")
	speakerPath := filepath.Join(dir, "speaker")
	for to, from := range map[string]string{self: "/proc/self/exe", inspect: path, speakerPath: speaker(t)} {
		if err := copyProgram(to, from); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(tmp, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, id := range map[string]int{dir: 0, tmp: nobody} {
		if err := os.Chown(path, id, id); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^Test(Isolation|Endings|MemoryLimit|Parked|Crash|MemoryOwners|ImageServesFrames|Command)$", "-test.v")
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + tmp, guestVariable + "=" + inspect, speakerVariable + "=" + speakerPath}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
	if !bytes.Contains(out, []byte("--- PASS: TestIsolation/"+modeEmbedded)) {
		t.Skip("there are no user namespaces for others than root here")
	}
}

func copyProgram(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := runners.WriteProgram(to, in); err != nil {
		return err
	}
	return os.Chmod(to, 0o755)
}
