package main

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestInterruptedCalibrationLeavesNothing stops one in the middle.
func TestInterruptedCalibrationLeavesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long; run without -short")
	}
	th := newTheatre(t)
	cmd, said := th.start(t, "calibrate", "--runner", "process,oci", "--part", "known")
	th.untilScratch(t)
	cmd.Process.Signal(syscall.SIGINT)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d\n%s", code, exitInterrupted, said)
	}
	th.wantNothingLeft(t, "after SIGINT")
}

// untilScratch waits until a trial is seen at work.
func (th *harness) untilScratch(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		th.note()
		if found, _ := filepath.Glob(filepath.Join(th.cache, "edgebench", "runs", "*", "t[0-9]*")); len(found) > 0 {
			return
		}
	}
	t.Fatal("no trial in three minutes")
}
