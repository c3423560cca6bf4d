package agent

import (
	"bytes"
	"fmt"
	"math/bits"
	"os"
	"strconv"
	"strings"
)

// heldBy reads what a process holds from /proc.
func heldBy(pid int) (h Held, err error) {
	dir := fmt.Sprintf("/proc/%d/", pid)
	status, err := os.ReadFile(dir + "status")
	if err != nil {
		return h, fmt.Errorf("read what a process holds: %w", err)
	}
	for line := range bytes.Lines(status) {
		name, rest, _ := strings.Cut(string(line), ":")
		value := strings.Fields(rest)
		if len(value) == 0 {
			continue
		}
		switch name {
		case "Uid":
			h.User, _ = strconv.Atoi(value[0])
		case "CapEff":
			set, _ := strconv.ParseUint(value[0], 16, 64)
			h.Capabilities = bits.OnesCount64(set)
		case "Seccomp":
			h.Seccomp = value[0] == "2"
		case "NoNewPrivs":
			h.NoNewPrivileges = value[0] == "1"
		}
	}
	open, err := os.ReadDir(dir + "fd")
	if err != nil {
		return h, fmt.Errorf("read the descriptors of a process: %w", err)
	}
	h.Descriptors = len(open)
	for _, name := range []string{"cgroup", "ipc", "mnt", "net", "pid", "user", "uts"} {
		its, err := os.Readlink(dir + "ns/" + name)
		if err != nil {
			return h, fmt.Errorf("read the namespaces of a process: %w", err)
		}
		if ours, err := os.Readlink("/proc/self/ns/" + name); err == nil && ours != its {
			h.Namespaces = append(h.Namespaces, name)
		}
	}
	return h, nil
}
