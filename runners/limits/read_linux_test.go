package limits

import (
	"fmt"
	"maps"
	"os"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"edgebench/results"
)

const limitsFile = `Limit                     Soft Limit           Hard Limit           Units
Max processes             40                   96365                processes
Max open files            1024                 524288               files
Max address space         unlimited            unlimited            bytes
`

// node is one with two bridges and a control group around this process.
func node() fstest.MapFS {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"proc/self/limits":                 file(limitsFile),
		"proc/self/status":                 file("Uid:\t1000\t1000\t1000\t1000\nVmSize:\t    2048 kB\nThreads:\t5\nCapEff:\t0000000000000000\n"),
		"proc/self/maps":                   file("a\nb\nc\n"),
		"proc/self/fd/0":                   file(""),
		"proc/self/fd/1":                   file(""),
		"proc/7/status":                    file("Uid:\t1000\t1000\nThreads:\t5\n"),
		"proc/8/status":                    file("Uid:\t0\t0\nThreads:\t50\n"),
		"proc/9/status":                    file("Uid:\t1000\t1000\nThreads:\t2\n"),
		"proc/loadavg":                     file("0.1 0.2 0.3 2/345 678\n"),
		"proc/meminfo":                     file("MemTotal:       1000 kB\nMemFree: 1 kB\nMemAvailable:    400 kB\n"),
		"proc/sys/vm/max_map_count":        file("65530\n"),
		"proc/sys/fs/file-nr":              file("100\t0\t5000\n"),
		"proc/sys/kernel/pid_max":          file("32768\n"),
		"proc/self/cgroup":                 file("4:memory:/a\n3:pids:/a\n"),
		"proc/self/mountinfo":              file("26 25 0:24 / /g/memory rw - cgroup cgroup rw,memory\n27 25 0:25 / /g/pids rw - cgroup cgroup rw,pids\n"),
		"g/memory/a/memory.usage_in_bytes": file("70\n"),
		"g/memory/a/memory.limit_in_bytes": file("80\n"),
		"g/memory/memory.usage_in_bytes":   file("90\n"),
		"g/memory/memory.limit_in_bytes":   file("9223372036854771712\n"),
		"g/pids/a/pids.current":            file("3\n"),
		"g/pids/a/pids.max":                file("max\n"),
		"g/pids/pids.current":              file("4\n"),
		"g/pids/pids.max":                  file("50\n"),
		"sys/class/net/br0/brif/veth1":     file(""),
		"sys/class/net/br1/brif/veth2":     file(""),
		"sys/class/net/br1/brif/veth3":     file(""),
		"sys/class/net/lo/address":         file(""),
	}
}

func TestRead(t *testing.T) {
	got := map[string]string{}
	for _, l := range read(node()) {
		got[l.Setting] = fmt.Sprintf("%s %d/%d %v", l.Resource, l.Used, l.Most, l.Node)
	}
	want := map[string]string{
		"TASK_SIZE":                         fmt.Sprintf("address_space %d/%d false", 2<<20, uint64(1)<<47),
		"vm.max_map_count":                  "max_map_count 3/65530 false",
		"RLIMIT_NOFILE":                     "open_files 2/1024 false",
		"fs.file-max":                       "open_files 100/5000 true",
		"kernel.pid_max":                    "processes 345/32768 true",
		"RLIMIT_NPROC":                      "processes 7/40 true",
		"MemTotal":                          fmt.Sprintf("memory %d/%d true", 600<<10, 1000<<10),
		"/g/memory/a/memory.limit_in_bytes": "memory 70/80 true",
		"/g/pids/pids.max":                  "processes 4/50 true",
		"BR_MAX_PORTS":                      "bridge_ports 2/1023 true",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Root and processes with certain capabilities are exempt from RLIMIT_NPROC.
func TestWhoIsBound(t *testing.T) {
	files := node()
	for _, status := range []string{
		"Uid:\t0\t0\nCapEff:\t0000000000000000\n", "Uid:\t1000\t1000\nCapEff:\t0000000001000000\n",
		"Uid:\t1000\t1000\nCapEff:\t0000000000200000\n", "Uid:\t1000\t1000\n",
	} {
		files["proc/self/status"] = &fstest.MapFile{Data: []byte(status)}
		for _, l := range read(files) {
			if l.Setting == "RLIMIT_NPROC" {
				t.Errorf("%q is bound", status)
			}
		}
	}
}

// A machine of which nothing can be read has no limits.
func TestReadNothing(t *testing.T) {
	if got := read(fstest.MapFS{}); len(got) > 0 {
		t.Errorf("got %+v", got)
	}
}

// The real machine tells the same as other means do.
func TestReadThisMachine(t *testing.T) {
	all := map[string]Limit{}
	for _, l := range Read() {
		all[l.Setting] = l
	}
	for _, setting := range []string{"TASK_SIZE", "vm.max_map_count", "RLIMIT_NOFILE", "kernel.pid_max", "MemTotal"} {
		if l := all[setting]; l.Used == 0 || l.Used > l.Most {
			t.Errorf("%s: %+v; there are %v", setting, l, maps.Keys(all))
		}
	}
	files := make([]*os.File, 10)
	for i := range files {
		var err error
		if files[i], err = os.Open(os.DevNull); err != nil {
			t.Fatal(err)
		}
		defer files[i].Close()
	}
	for _, l := range Read() {
		if more := l.Used - all[l.Setting].Used; l.Setting == "RLIMIT_NOFILE" && more != 10 {
			t.Errorf("10 open files count as %d (%s)", more, results.ResourceFiles)
		}
	}
	if n, err := Available(); err != nil || n == 0 || n > all["MemTotal"].Most {
		t.Errorf("%d bytes are available (%v)", n, err)
	}
}
