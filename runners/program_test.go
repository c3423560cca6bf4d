package runners_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"edgebench/runners"
)

// Others fork all the time while programs are written and run.
func TestAWrittenProgramRunsAtOnce(t *testing.T) {
	program, err := exec.LookPath("true")
	if err != nil {
		t.Skip(err)
	}
	content, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	dir, done := t.TempDir(), make(chan struct{})
	var others sync.WaitGroup
	for range 4 {
		others.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					_ = exec.Command(program).Run()
				}
			}
		})
	}
	for i := range 200 {
		path := filepath.Join(dir, strconv.Itoa(i))
		if err := runners.WriteProgram(path, bytes.NewReader(content)); err != nil {
			t.Error(err)
			break
		}
		if err := exec.Command(path).Run(); err != nil {
			t.Error(err)
			break
		}
	}
	close(done)
	others.Wait()
}
