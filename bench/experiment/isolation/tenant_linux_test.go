package isolation

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"edgebench/bench/experiment/experimenttest"
)

// enter connects as a guest would that may enter the network namespace of a process.
func enter(request string) (answer string, ok bool) {
	var path, address, port string
	if _, err := fmt.Sscan(strings.TrimPrefix(request, "connect-in "), &path, &address, &port); err != nil {
		return "", false
	}
	done := make(chan struct{})
	go onThread(func() {
		defer close(done)
		network, err := os.Open(path)
		if err != nil {
			return
		}
		defer network.Close()
		if err := unix.Setns(int(network.Fd()), unix.CLONE_NEWNET); err != nil {
			return
		}
		answer, ok = dial("connect " + address + " " + port)
	})
	<-done
	return answer, ok
}

// needsTenant skips where the tenant has no namespace and no control group of its own.
func needsTenant(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("root alone makes network namespaces and control groups")
	}
}

// A system that lets a guest into another network namespace, or lets it change another
// control group, is found out.
func TestPlantedDefectsOfTheTenant(t *testing.T) {
	needsTenant(t)
	write := func(request string) (string, bool) {
		var path, value string
		if _, err := fmt.Sscan(strings.TrimPrefix(request, "write "), &path, &value); err != nil {
			return "", false
		}
		return "done\n", strings.HasPrefix(path, "/sys/fs/cgroup/") && os.WriteFile(path, []byte(value), 0) == nil
	}
	read := func(request string) (string, bool) {
		path := strings.TrimPrefix(request, "read ")
		b, err := os.ReadFile(path)
		return "done\n" + string(b), err == nil && filepath.Base(path) == "cgroup.procs"
	}
	for check, defects := range map[string]map[string]func(string) (string, bool){
		"neighbours/namespace-entered": {"connect-in": enter}, "neighbours/control-group-limit": {"write": write}, "neighbours/control-group-list": {"read": read},
	} {
		t.Run(check, func(t *testing.T) {
			all, r := attempts(t, &system{defects: defects})
			if got := all[check]; got.Result == Absent {
				t.Skip(got.Evidence) // a machine without control groups of version 1 or a place in those of 2
			} else if got.Result != Allowed || got.Evidence == "" {
				t.Errorf("%s (%s), want %s", got.Result, got.Evidence, Allowed)
			}
			if got := experimenttest.Values(r, GoalsReached); !slices.Equal(got, []float64{1}) {
				t.Errorf("%v goals are reached, want 1", got)
			}
		})
	}
}

// The tenant's program listens in its own network namespace alone, and nothing of the
// tenant is left.
func TestTenant(t *testing.T) {
	needsTenant(t)
	t.Setenv("TMPDIR", t.TempDir())
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	port, group := w.places["namespace-port"], filepath.Dir(w.places["group-list"])
	request := "connect-in /proc/" + w.places["pid"] + "/ns/net 127.0.0.1 " + port
	if answer, ok := enter(request); !ok || !strings.Contains(answer, w.secret) {
		t.Errorf("inside of the namespace the answer is %q", answer)
	}
	if conn, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
		b := make([]byte, 256)
		n, _ := conn.Read(b)
		conn.Close()
		if strings.Contains(string(b[:n]), w.secret) {
			t.Error("the program listens on the host too")
		}
	}
	if own, err := os.Readlink("/proc/thread-self/ns/net"); err != nil {
		t.Error(err)
	} else if host, err := os.Readlink("/proc/self/ns/net"); err != nil || own != host {
		t.Errorf("this process is in the namespaces %s and %s (%v)", own, host, err)
	}
	if err := w.remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat("/proc/" + w.places["pid"] + "/cmdline"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the tenant is left (%v)", err)
	}
	if _, err := os.Stat(group); group != "." && !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its control group is left (%v)", err)
	}
}
