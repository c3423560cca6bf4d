package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"
)

// world lists what a program finds: a line for each thing, sorted, without what differs
// from one container to the next.
func world() string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	entries, _ := filepath.Glob("/dev/*")
	for _, path := range entries {
		add("device %s", describe(path))
	}
	for _, m := range mounts() {
		add("mount %s", m)
	}
	for _, path := range []string{"/proc/cpuinfo", "/proc/meminfo", "/proc/self/mountinfo", "/sys/class/net/lo/operstate", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"} {
		add("readable %s: %v", path, readable(path))
	}
	for _, path := range []string{"/proc/sysrq-trigger", "/proc/sys/kernel/domainname", "/proc/irq/default_smp_affinity", "/dev/shm/x", "/tmp/x", "/x"} {
		add("writable %s: %v", path, os.WriteFile(path, nil, 0o600) == nil)
	}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		if name == "HOME" || name == "PATH" {
			name += "=" + value
		}
		add("variable %s", name)
	}
	for name, resource := range map[string]int{"files": syscall.RLIMIT_NOFILE, "core": syscall.RLIMIT_CORE, "address space": syscall.RLIMIT_AS, "data": syscall.RLIMIT_DATA} {
		var l syscall.Rlimit
		syscall.Getrlimit(resource, &l)
		add("limit of %s: %d %d", name, l.Cur, l.Max)
	}
	host, _ := os.Hostname()
	dir, _ := os.Getwd()
	groups, _ := os.Getgroups()
	add("user %d:%d, groups %v, process %d, folder %s, has a host name: %v", os.Getuid(), os.Getgid(), groups, os.Getpid(), dir, host != "")
	interfaces, _ := net.Interfaces()
	for _, i := range interfaces {
		add("network %s up: %v", i.Name, i.Flags&net.FlagUp != 0)
	}
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		for _, field := range []string{"Cap", "NoNewPrivs", "Seccomp:"} {
			if strings.HasPrefix(line, field) {
				add("status %s", strings.Join(strings.Fields(line), " "))
			}
		}
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// describe gives the kind of a file of /dev, and where a link leads.
func describe(path string) string {
	if to, err := os.Readlink(path); err == nil {
		return path + " -> " + to
	}
	info, err := os.Stat(path)
	if err != nil {
		return path + ": " + err.Error()
	}
	kind := "file"
	switch {
	case info.IsDir():
		kind = "folder"
	case info.Mode()&os.ModeCharDevice != 0:
		kind = "device"
	}
	return path + " " + kind
}

// mounts gives the place, type and flags of each mount of a file system. Mounts that only
// cover a path are told by what can be read and written.
func mounts() (list []string) {
	text, _ := os.ReadFile("/proc/self/mountinfo")
	for _, line := range strings.Split(string(text), "\n") {
		own, rest, ok := strings.Cut(line, " - ")
		f := strings.Fields(own)
		if !ok || len(f) < 6 {
			continue
		}
		kind, place := strings.Fields(rest)[0], f[4]
		if place == "/" {
			kind = "root"
		}
		isDevice := strings.HasPrefix(place, "/dev/") && strings.Count(place, "/") == 2 && kind != "tmpfs" && kind != "devpts" && kind != "mqueue"
		covered := strings.HasPrefix(place, "/proc/") || strings.HasPrefix(place, "/sys/")
		if isDevice || covered || place == "/dev" {
			continue
		}
		flags := strings.Split(f[5], ",")
		sort.Strings(flags)
		list = append(list, place+" "+kind+" "+strings.Join(flags, ","))
	}
	return list
}

// readable says whether there is something to read: a file that is not empty, or a
// folder with entries.
func readable(path string) bool {
	if entries, err := os.ReadDir(path); err == nil {
		return len(entries) > 0
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	n, _ := f.Read(make([]byte, 1))
	return n > 0
}

// loopback lets the program connect to itself.
func loopback() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "error: " + err.Error()
	}
	defer l.Close()
	conn, err := net.DialTimeout("tcp", l.Addr().String(), time.Second)
	if err != nil {
		return "error: " + err.Error()
	}
	conn.Close()
	return "ok"
}
