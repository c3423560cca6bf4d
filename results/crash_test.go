package results

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// appenderVar holds the folder of a run: with it set, this test binary is a
// process that appends to the run until it is killed.
const appenderVar = "RESULTS_TEST_APPENDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(appenderVar); dir != "" {
		os.Exit(appender(dir))
	}
	os.Exit(m.Run())
}

// appender appends one trial after the other and says so after each.
func appender(dir string) int {
	run, _, err := Resume(dir)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	for _, trial := range run.Plan.Trials() {
		if err := run.Append(testRecord(trial.Seq)); err != nil {
			fmt.Println(err)
			return 1
		}
		fmt.Println(trial.Seq)
	}
	select {}
}

// A process that is killed loses no record that Append has acknowledged, and
// while it lives no other process can write to its run. There are more trials
// than the pipe holds lines, so that the child is still writing when it dies.
func TestKillLosesNothing(t *testing.T) {
	const trials, enough = 20_000, 500
	run := create(t, trials)
	run.Close()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), appenderVar+"="+run.Dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	acknowledged := 0
	for lines.Scan() && acknowledged < enough {
		if lines.Text() != strconv.Itoa(acknowledged) {
			t.Fatalf("the child says %q after %d records", lines.Text(), acknowledged)
		}
		acknowledged++
	}
	if _, _, err := Resume(run.Dir); !errors.Is(err, ErrBusy) {
		t.Errorf("Resume beside the child: %v is not ErrBusy", err)
	}
	child.Process.Kill()
	for lines.Scan() {
		acknowledged++
	}
	child.Wait()

	resumed, records, err := Resume(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer resumed.Close()
	if len(records) < acknowledged || len(records) == trials {
		t.Errorf("%d records were acknowledged, %d are there", acknowledged, len(records))
	}
	for i, r := range records {
		if r.Seq != i {
			t.Fatalf("record %d is of trial %d", i, r.Seq)
		}
	}
}

// narrow is a file with room for so many bytes: a write beyond takes what
// fits and fails, as on a full disk.
type narrow struct {
	*os.File
	room     int
	truncate error
}

func (n *narrow) WriteAt(p []byte, at int64) (int, error) {
	if len(p) <= n.room {
		n.room -= len(p)
		return n.File.WriteAt(p, at)
	}
	k, err := n.File.WriteAt(p[:n.room], at)
	n.room -= k
	return k, errors.Join(err, io.ErrShortWrite)
}

func (n *narrow) Truncate(size int64) error {
	if n.truncate != nil {
		return n.truncate
	}
	return n.File.Truncate(size)
}

// A write that stops half-way leaves the whole records alone, and the next one
// succeeds where there is room again.
func TestPartialWriteIsTakenBack(t *testing.T) {
	run := create(t, 3)
	mustAppend(t, run, testRecord(0))
	file := &narrow{File: run.file.(*os.File), room: 20}
	run.file = file
	if err := run.Append(testRecord(1)); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("%v does not wrap the write's error", err)
	}
	if f := mustOpen(t, run.Dir); len(f.Records) != 1 || f.Warnings != nil {
		t.Errorf("%d records, warnings %q", len(f.Records), f.Warnings)
	}
	file.room = 1 << 20
	mustAppend(t, run, testRecord(1))
	if f := mustOpen(t, run.Dir); len(f.Records) != 2 || f.Warnings != nil {
		t.Errorf("%d records, warnings %q", len(f.Records), f.Warnings)
	}
}

// Where the half line can't even be removed, no second half is put behind it,
// and the next process cuts it off.
func TestPartialWriteThatStays(t *testing.T) {
	run := create(t, 3)
	mustAppend(t, run, testRecord(0))
	file := &narrow{File: run.file.(*os.File), room: 20, truncate: errors.New("cannot truncate")}
	run.file = file
	oneLine(t, run.Append(testRecord(1)), "no more records", "cannot truncate")
	file.room = 1 << 20
	oneLine(t, run.Append(testRecord(1)), "no more records")
	run.Close()
	resumed, records, err := Resume(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer resumed.Close()
	if len(records) != 1 || len(resumed.Warnings) != 1 {
		t.Errorf("%d records, warnings %q", len(records), resumed.Warnings)
	}
	mustAppend(t, resumed, testRecord(1))
}

func TestUnwritableFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "closed")
	os.Mkdir(dir, 0o500)
	if file, err := os.Create(filepath.Join(dir, "probe")); err == nil {
		file.Close()
		t.Skip("this user may write to any folder; run the test as another than root")
	}
	_, err := Create(dir, testPlan(1), testEnvironment())
	oneLine(t, err, dir)
}
