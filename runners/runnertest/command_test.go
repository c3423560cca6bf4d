package runnertest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestCommandModule checks that the committed guest is what its source gives.
func TestCommandModule(t *testing.T) {
	for _, tool := range []string{"sh", "clang-14", "wasm-ld-14"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is missing, which scripts/setup-debian.sh installs", tool)
		}
	}
	made := filepath.Join(t.TempDir(), "command.wasm")
	if out, err := exec.Command("sh", "testdata/command/command.sh", made).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	is, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	was, err := os.ReadFile("testdata/command/command.wasm")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(is, was) {
		t.Error("command.wasm is not what command.c gives: run testdata/command/command.sh")
	}
}
