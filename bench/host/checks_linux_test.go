package host

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/results"
)

func TestPressure(t *testing.T) {
	const rest = " avg60=0.00 avg300=0.00 total=1\n"
	cases := map[string]State{
		"some avg10=0.99" + rest + "full avg10=50.00" + rest: OK,
		"some avg10=1.00" + rest:                             Warn,
		"full avg10=0.00" + rest + "some avg10=10.00" + rest: Bad,
		"some avg10=NaN" + rest:                              Unknown,
		"some avg10=101" + rest:                              Unknown,
		"some avg10=-1" + rest:                               Unknown,
		"full avg10=1.00" + rest:                             Unknown,
		"some" + rest:                                        Unknown,
		"some avg10=0.00\n":                                  Unknown,
		"":                                                   Unknown,
	}
	for text, want := range cases {
		f := lay(t, fstest.MapFS{"proc/pressure/memory": {Data: []byte(text)}}).checkPressure()
		wellFormed(t, f)
		if f.State != want {
			t.Errorf("%q is %s with %q, want %s", text, f.State, f.Value, want)
		}
	}
}

func TestRandomisation(t *testing.T) {
	cases := []struct {
		level, personality string
		want               State
	}{
		{"2", "00000000", OK}, {"2", "", OK}, {"2", "x", OK}, {"1", "00000000", Warn},
		{"0", "00000000", Warn}, {"2", "00040000", Warn}, {"two", "00000000", Unknown},
	}
	for _, c := range cases {
		f := lay(t, fstest.MapFS{
			"proc/sys/kernel/randomize_va_space": {Data: []byte(c.level)}, "proc/self/personality": {Data: []byte(c.personality)},
		}).checkRandomisation()
		wellFormed(t, f)
		if f.State != c.want {
			t.Errorf("%+v is %s with %q", c, f.State, f.Value)
		}
	}
}

func TestTimer(t *testing.T) {
	cases := map[timer]State{
		{}:                                       Unknown,
		{time.Nanosecond, 55 * time.Microsecond}: OK,
		{time.Nanosecond, 3 * time.Millisecond}:  Warn,
		{4 * time.Millisecond, 3 * time.Millisecond}: Bad,
	}
	for found, want := range cases {
		f := lay(t, fstest.MapFS{}).checkTimer(found)
		wellFormed(t, f)
		if f.State != want {
			t.Errorf("%+v is %s, want %s", found, f.State, want)
		}
	}
	if got := measureTimer(); got.resolution <= 0 || got.late < 0 || got.late > time.Minute {
		t.Errorf("this machine has %+v", got)
	}
}

func TestPace(t *testing.T) {
	readings := func(fast, slow int, factor float64) []time.Duration {
		all := slices.Repeat([]time.Duration{2 * time.Microsecond}, fast)
		return append(all, slices.Repeat([]time.Duration{time.Duration(2000 * factor)}, slow)...)
	}
	for _, c := range []struct {
		readings []time.Duration
		want     State
		says     string
	}{
		{nil, Unknown, ""},
		{readings(19, 0, 1), Unknown, ""},
		{readings(150, 0, 1), OK, "1.00 times"},
		{readings(100, 50, 2), OK, "1.00 times"},
		{readings(60, 90, 1.1), Warn, "1.10 times"},
		{readings(60, 90, 1.7), Bad, "1.70 times"},
		{readings(0, 150, 1.7), OK, "1.00 times"}, // never at best: nothing to tell by
	} {
		f := checkContention(c.readings)
		wellFormed(t, f)
		if f.State != c.want || !strings.Contains(f.Value, c.says) {
			t.Errorf("%d readings are %s with %q, want %s", len(c.readings), f.State, f.Value, c.want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*probeEvery)
	defer cancel()
	for _, took := range readProbes(ctx) {
		if took <= 0 {
			t.Errorf("a reading of this machine is %v", took)
		}
	}
}

func TestQuotas(t *testing.T) {
	const inner, outer = "sys/fs/cgroup/a/b/", "sys/fs/cgroup/a/"
	cases := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"none", map[string]string{inner + "cpu.max": "max 100000", inner + "memory.max": "max", inner + "pids.max": "max"}, ""},
		{"more than there is", map[string]string{inner + "cpu.max": "400000 100000", inner + "memory.max": "99999999999", inner + "pids.max": "100000"}, ""},
		{"the tightest first", map[string]string{inner + "memory.max": "2000000", outer + "memory.max": "1000000"},
			"memory 1000000 bytes /a/, memory 2000000 bytes /a/b/"},
		{"around", map[string]string{outer + "cpu.max": "25000 100000"}, "cpu 0.25 processors /a/"},
		{"no period", map[string]string{inner + "cpu.max": "25000 0", outer + "cpu.max": "25000"}, ""},
		{"nonsense", map[string]string{inner + "cpu.max": "x y", inner + "memory.max": "-5", inner + "pids.max": ""}, ""},
	}
	for _, c := range cases {
		files := fstest.MapFS{
			"proc/self/mountinfo": {Data: []byte("31 24 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n")},
			"proc/self/cgroup":    {Data: []byte("0::/a/b\n")},
			"proc/stat":           {Data: []byte("cpu 1 0 0 1 0 0 0 0 0 0\ncpu0 1\ncpu1 1\n")},
			"proc/meminfo":        {Data: []byte("MemTotal: 8000000 kB\n")},
		}
		for path, text := range c.files {
			files[path] = &fstest.MapFile{Data: []byte(text + "\n")}
		}
		found, seen := lay(t, files).quotas()
		var got []string
		for _, q := range found {
			dir, _ := filepath.Split(strings.TrimPrefix(q.file, "sys/fs/cgroup"))
			got = append(got, q.controller+" "+q.String()+" "+dir)
		}
		if !seen || strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %q, seen %v, want %q", c.name, got, seen, c.want)
		}
		wellFormed(t, lay(t, files).checkQuotas())
	}
}

func TestStorage(t *testing.T) {
	for storage, want := range map[string]State{"": Unknown, "overlay2": OK, "overlayfs": OK, "vfs": Warn, "devicemapper": Warn} {
		f := checkStorage(engine{version: "29.1", storage: storage})
		wellFormed(t, f)
		if f.State != want {
			t.Errorf("%q is %s, want %s", storage, f.State, want)
		}
	}
}

// An engine is asked by HTTP over its socket, and one that says nothing useful
// is none.
func TestAskEngine(t *testing.T) {
	answers := map[string]engine{
		`{"ServerVersion":"29.1","Driver":"overlay2"}`:                           {version: "29.1", storage: "overlay2"},
		`{"ServerVersion":"4.3.1","Driver":"overlay","BuildahVersion":"1.28.2"}`: {version: "4.3.1", storage: "overlay", podman: true},
		`{"Driver":"vfs\n"}`: {storage: "vfs"},
		`{"Driver":7}`:       {},
		`no`:                 {},
		``:                   {},
	}
	for answer, want := range answers {
		socket := filepath.Join(t.TempDir(), "s")
		listener, err := net.Listen("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/info" {
				w.WriteHeader(http.StatusNotFound)
			}
			io.WriteString(w, answer)
		})}
		go server.Serve(listener)
		if got := askEngine(t.Context(), socket); got != want {
			t.Errorf("%q gives %+v, want %+v", answer, got, want)
		}
		server.Close()
	}
	if f := lay(t, nil).checkDocker("/s", nil, engine{version: "4.3.1", podman: true}); f.State != OK || f.Value != "/s listens, which is Podman 4.3.1" {
		t.Errorf("Podman is %s, %s", f.State, f.Value)
	}
	if got := askEngine(t.Context(), filepath.Join(t.TempDir(), "none")); got != (engine{}) {
		t.Errorf("no engine gives %+v", got)
	}
}

// The bridge of an engine's default network may be gone while the engine listens. One
// that is in another network namespace can't be seen from here.
func TestBridge(t *testing.T) {
	const bridge = `{"Options":{"com.docker.network.bridge.name":"docker0"}}`
	files := fstest.MapFS{"sys/class/net/docker0/address": {}}
	for _, c := range []struct {
		name, info, network string
		files               fstest.MapFS
		want                State
	}{
		{"there", `{"ServerVersion":"29.1"}`, bridge, files, OK},
		{"gone", `{"ServerVersion":"29.1"}`, bridge, nil, Warn},
		{"rootless", `{"SecurityOptions":["name=rootless"]}`, bridge, nil, OK},
		{"none", `{"ServerVersion":"29.1"}`, `{"message":"network bridge not found"}`, nil, OK},
	} {
		socket := filepath.Join(t.TempDir(), "s")
		listener, err := net.Listen("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		answers := map[string]string{"/info": c.info, "/networks/bridge": c.network}
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, answers[r.URL.Path])
		})}
		go server.Serve(listener)
		f := lay(t, c.files).checkDocker(socket, nil, askEngine(t.Context(), socket))
		server.Close()
		wellFormed(t, f)
		if f.State != c.want || c.want == Warn && !strings.Contains(f.Value, "docker0 is missing") {
			t.Errorf("%s: %s, %s", c.name, f.State, f.Value)
		}
	}
}

// What the kernel's services take is found, in times that can be.
func TestCostsAreMeasured(t *testing.T) {
	got := measureCosts()
	if got == nil || got.SystemCall <= 0 || got.PageFault <= 0 || got.PageFault > time.Minute || got.TLBMiss <= 0 || got.TLBMiss > got.PageFault {
		t.Errorf("costs are %v", got)
	}
	if f := checkCosts(&results.HostCosts{SystemCall: 150, PageFault: 500}); f.State != OK || f.Remedy != "" {
		t.Errorf("the costs of hardware are judged as %+v", f)
	}
}

// A list visits each of its pages once before it comes back.
func TestChainVisitsEachPage(t *testing.T) {
	const n = 100
	c, err := newChain(n)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	seen := map[uint64]bool{}
	first := c.at
	for range n {
		c.follow(1)
		seen[c.at/uint64(unix.Getpagesize())] = true
	}
	if len(seen) != n || c.at != first {
		t.Errorf("%d steps visit %d pages and end at %d, want %d", n, len(seen), c.at, first)
	}
}
