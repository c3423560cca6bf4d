package host

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

const mib = 1 << 20

func memory(t testing.TB, pids ...int) Usage {
	t.Helper()
	u, err := Memory(pids)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// near fails unless got is within a part of want and some bytes of slack, for
// the few pages that a living process touches besides.
func near(t testing.TB, what string, got, want, part, slack float64) {
	t.Helper()
	if math.Abs(got-want) > want*part+slack {
		t.Errorf("%s is %.0f, want %.0f within %.0f", what, got, want, want*part+slack)
	}
}

func rise(before, after uint64) float64 { return float64(after) - float64(before) }

// A child that touches n bytes of its own has n bytes more, and a page table
// for every 2 MiB of them (with pages of 4 KiB).
func TestMemoryOfTouchedPages(t *testing.T) {
	const n = 64 * mib
	page := os.Getpagesize()
	c := spawn(t, fmt.Sprintf("anonymous %d %d", n, page))
	before := memory(t, c.pid())
	c.do(t)
	after := memory(t, c.pid())
	near(t, "PSS", rise(before.PSS, after.PSS), n, 0.01, 32*4096)
	near(t, "RSS", rise(before.RSS, after.RSS), n, 0.01, 32*4096)
	entries := page / 8
	tables := float64(n / page / entries * page)
	near(t, "page tables", rise(before.PageTables, after.PageTables), tables, 0.01, 16*4096)
	if after.Processes != 1 || after.Gone != nil || after.Swap != before.Swap {
		t.Errorf("%+v", after)
	}
}

// One page in every 2 MiB costs as much in page tables as in pages: what a
// sum of PSS alone would hide.
func TestMemoryOfSparsePages(t *testing.T) {
	if os.Getpagesize() != 4096 {
		t.Skip("the figures are those of pages of 4 KiB")
	}
	const n = 1 << 30
	c := spawn(t, fmt.Sprintf("anonymous %d %d", n, 2*mib))
	before := memory(t, c.pid())
	c.do(t)
	after := memory(t, c.pid())
	near(t, "PSS", rise(before.PSS, after.PSS), n/(2*mib)*4096, 0.01, 32*4096)
	near(t, "page tables", rise(before.PageTables, after.PageTables), n/(2*mib)*4096, 0.01, 16*4096)
}

// What four children share counts once in the sum of PSS and four times in
// that of RSS.
func TestMemoryOfSharedPages(t *testing.T) {
	const n, k = 32 * mib, 4
	fd, err := unix.MemfdCreate("shared", unix.MFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(fd), "shared")
	defer file.Close()
	if err := file.Truncate(n); err != nil {
		t.Fatal(err)
	}
	var children []*child
	var pids []int
	for range k {
		c := spawn(t, fmt.Sprintf("shared %d", n), file)
		children, pids = append(children, c), append(pids, c.pid())
	}
	before := memory(t, pids...)
	for _, c := range children {
		c.do(t)
	}
	after := memory(t, pids...)
	near(t, "PSS", rise(before.PSS, after.PSS), n, 0.01, k*32*4096)
	near(t, "RSS", rise(before.RSS, after.RSS), k*n, 0.01, k*32*4096)
	if one := memory(t, pids[0]); one.PSS > after.PSS/2 {
		t.Errorf("one of %d has a PSS of %d, all of them have %d", k, one.PSS, after.PSS)
	}
	if twice := memory(t, append(pids, pids...)...); twice.Processes != k {
		t.Errorf("named twice, %d processes are counted, want %d", twice.Processes, k)
	}
}

// smaps adds up /proc/PID/smaps without help from a library.
func smaps(t *testing.T, pid int) (sum map[string]uint64, mappings int) {
	t.Helper()
	file, err := os.Open(filepath.Join("/proc", strconv.Itoa(pid), "smaps"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sum = map[string]uint64{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) == 3 && f[2] == "kB" {
			kib, err := strconv.ParseUint(f[1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			sum[f[0]] += kib << 10
		}
		if f[0] == "Pss:" {
			mappings++
		}
	}
	return sum, mappings
}

func TestMemoryAgreesWithSmaps(t *testing.T) {
	c := spawn(t, fmt.Sprintf("anonymous %d %d", 8*mib, os.Getpagesize()))
	c.do(t)
	got := memory(t, c.pid())
	want, mappings := smaps(t, c.pid())
	// smaps drops what is less than 1 KiB in each mapping.
	near(t, "PSS", float64(got.PSS), float64(want["Pss:"]), 0, float64(mappings*1024)+16*4096)
	near(t, "RSS", float64(got.RSS), float64(want["Rss:"]), 0, 16*4096)
	near(t, "swap", float64(got.Swap), float64(want["SwapPss:"]), 0, float64(mappings*1024))
	if got.PSS == 0 || mappings == 0 {
		t.Errorf("PSS %d in %d mappings", got.PSS, mappings)
	}
}

// Processes that have ended, reaped or not, count as nothing and are named.
func TestMemoryOfTheDead(t *testing.T) {
	lives, zombie, reaped := spawn(t, "idle"), spawn(t, "idle"), spawn(t, "idle")
	zombie.cmd.Process.Kill()
	reaped.cmd.Process.Kill()
	reaped.cmd.Wait()
	waitForZombie(t, zombie.pid())
	u := memory(t, lives.pid(), zombie.pid(), reaped.pid())
	if u.Processes != 1 || len(u.Gone) != 2 || u.PSS == 0 {
		t.Errorf("%+v, want one process and two gone", u)
	}
	// The pages of the program are shared by all three, and what the kernel has
	// not taken from the dead yet lessens the share of the living; the dead
	// themselves would be twice as much again.
	near(t, "PSS", float64(u.PSS), float64(memory(t, lives.pid()).PSS), 0.5, 0)
	if u := memory(t, zombie.pid()); u.PSS != 0 || u.Processes != 0 {
		t.Errorf("a zombie has %+v", u)
	}
	if u := memory(t); u.PSS != 0 || u.Gone != nil {
		t.Errorf("no processes have %+v", u)
	}
	if u := memory(t, -1, 0); u.Processes != 0 || len(u.Gone) != 2 {
		t.Errorf("impossible processes have %+v", u)
	}
}

// A living process that may not be read is an error, never a sum without it.
func TestMemoryOfTheForbidden(t *testing.T) {
	if _, err := os.ReadFile("/proc/1/smaps_rollup"); !errors.Is(err, fs.ErrPermission) {
		t.Skipf("this user may read every process (%v); run the test as another than root", err)
	}
	_, err := Memory([]int{os.Getpid(), 1})
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "process 1,") {
		t.Errorf("%v does not say that process 1 is forbidden", err)
	}
}

// Available memory falls by what is taken, wherever it is taken from: the node's
// own free memory, or the lists of the CPUs, of which MemAvailable knows nothing.
func TestAvailableSeesWhatIsTaken(t *testing.T) {
	const before = 4_000_000 << 10
	page := uint64(os.Getpagesize())
	for _, c := range []struct {
		name              string
		meminfo, zoneinfo string
		want              uint64
	}{
		{"before", "MemTotal: 8000000 kB\nMemAvailable: 4000000 kB\n", "count: 300\ncount: 40\n", before + 340*page},
		{"taken from the node", "MemTotal: 8000000 kB\nMemAvailable: 3950848 kB\n", "count: 300\ncount: 40\n", before + 340*page - 48*mib},
		{"taken from a list", "MemTotal: 8000000 kB\nMemAvailable: 4000000 kB\n", "count: 1\ncount: 40\n", before + 41*page},
		{"no lists", "MemTotal: 8000000 kB\nMemAvailable: 4000000 kB\n", "", before},
	} {
		if got, err := availableIn(likeProc(t, c.meminfo, c.zoneinfo)); err != nil || got != c.want {
			t.Errorf("%s: %d bytes are available, %v; want %d", c.name, got, err, c.want)
		}
	}
	if _, err := availableIn(likeProc(t, "MemTotal: 8000000 kB\n", "")); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a kernel that tells no MemAvailable: %v", err)
	}
	if _, err := availableIn(likeProc(t, "MemAvailable: 1 kB\n", "count: x\n")); err == nil {
		t.Error("a list that can't be read counts as nothing")
	}
	if _, err := availableIn(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without /proc/meminfo: %v", err)
	}
}

// likeProc makes a folder with two files of /proc.
func likeProc(t *testing.T, meminfo, zoneinfo string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"meminfo": meminfo, "zoneinfo": zoneinfo} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// What is available of this machine is some of what it has.
func TestAvailableOfThisMachine(t *testing.T) {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		t.Fatal(err)
	}
	total := uint64(info.Totalram) * uint64(info.Unit)
	if got, err := Available(); err != nil || got == 0 || got > total {
		t.Errorf("%d of %d bytes are available, %v", got, total, err)
	}
}

func TestKeptByCPUs(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("good", "Node 0, zone Normal\n  pages free     5\n  pagesets\n    cpu: 0\n              count:    3\n              high:     9\n    cpu: 1\n              count:    4\n")
	if got, err := keptByCPUs(good); err != nil || got != uint64(7*os.Getpagesize()) {
		t.Errorf("%d, %v, want 7 pages", got, err)
	}
	if got, err := keptByCPUs(filepath.Join(dir, "none")); err != nil || got != 0 {
		t.Errorf("%d, %v where there is no zoneinfo", got, err)
	}
	for _, text := range []string{"count: -1\n", "count:\n", "count: 99999999999999\n"} {
		if _, err := keptByCPUs(write("bad", text)); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
