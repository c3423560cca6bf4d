package results

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// smallDisk mounts a disk of so many bytes for the calling test alone. It is
// visible to this thread and to no other, and the kernel removes it with the
// thread, even if the test is killed.
func smallDisk(t *testing.T, bytes string) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("a small disk can be mounted by root alone; TestPartialWriteIsTakenBack stands in for it")
	}
	dir := t.TempDir()
	runtime.LockOSThread() // and never unlocked: the thread ends with the test
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		t.Skipf("no mount namespace here: %v; run the test where CAP_SYS_ADMIN is held", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		t.Skipf("mounts can't be made private: %v", err)
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+bytes); err != nil {
		t.Skipf("no tmpfs can be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// A full disk is told as such, costs the one record, and the run goes on once
// there is room.
func TestFullDisk(t *testing.T) {
	dir := smallDisk(t, "64k")
	run, err := Create(dir, testPlan(40), testEnvironment())
	if err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 16<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	written := 0
	for ; written < 40; written++ {
		r := testRecord(written)
		// Of no round size, so that the disk ends within a line.
		r.Warnings = []Warning{{WarnOther, strings.Repeat("x", 3000)}}
		if err = run.Append(r); err != nil {
			break
		}
	}
	if !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("after %d records: %v is not ENOSPC", written, err)
	}
	oneLine(t, err, RecordsFile)
	if f := mustOpen(t, dir); len(f.Records) != written || f.Warnings != nil {
		t.Errorf("%d of %d records, warnings %q", len(f.Records), written, f.Warnings)
	}
	os.Remove(ballast)
	mustAppend(t, run, testRecord(written))
	if err := run.Close(); err != nil {
		t.Error(err)
	}
	if f := mustOpen(t, dir); len(f.Records) != written+1 || f.Warnings != nil {
		t.Errorf("%d of %d records, warnings %q", len(f.Records), written+1, f.Warnings)
	}
}

// A run that does not even begin leaves a folder in which the next one can.
func TestCreateOnAFullDisk(t *testing.T) {
	dir := smallDisk(t, "16k")
	_, err := Create(dir, widePlan(100), testEnvironment())
	if !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("%v is not ENOSPC", err)
	}
	oneLine(t, err, PlanFile)
	if left, _ := filepath.Glob(filepath.Join(dir, ".plan*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
	run, err := Create(dir, testPlan(1), testEnvironment())
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, run, testRecord(0))
	run.Close()
}

// A disk that is full when the run is closed costs the checksums alone.
func TestCloseOnAFullDisk(t *testing.T) {
	dir := smallDisk(t, "64k")
	run, err := Create(dir, testPlan(1), testEnvironment())
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, run, testRecord(0))
	ballast := filepath.Join(dir, "ballast")
	os.WriteFile(ballast, make([]byte, 64<<10), 0o600) // as much as there is room for
	err = run.Close()
	if !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("%v is not ENOSPC", err)
	}
	oneLine(t, err, SumsFile)
	if f := mustOpen(t, dir); len(f.Records) != 1 || f.Warnings != nil {
		t.Errorf("%d records, warnings %q", len(f.Records), f.Warnings)
	}
	os.Remove(ballast)
	resumed, _, err := Resume(dir)
	if err != nil {
		t.Fatal(err)
	}
	mustClose(t, resumed)
	if _, err := os.Stat(filepath.Join(dir, SumsFile)); err != nil {
		t.Error(err)
	}
}
