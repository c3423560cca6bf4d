//go:build !wasmedge

package wasmedge_test

import (
	"os"
	"os/exec"
	"testing"

	"edgebench/runners"
	"edgebench/runners/client"
)

// TestLinked runs this package's tests in a program that links libwasmedge: a plain
// test program cannot, since it has to build where there is none.
func TestLinked(t *testing.T) {
	entry, _ := runners.Find("wasmedge")
	how, err := client.CanBuild(t.Context(), entry)
	if err != nil {
		t.Skip(err)
	}
	args := []string{"test", "-v", "-vet=off", "-timeout=15m", "-tags=" + how.Tag}
	if testing.Short() {
		args = append(args, "-short")
	}
	cmd := exec.Command("go", append(args, ".")...)
	cmd.Env = append(os.Environ(), how.Env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
		return
	}
	t.Logf("%s", out)
}
