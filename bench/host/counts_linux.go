package host

import "strconv"

// Limits that a run with a thousand containers or ten thousand instances needs.
const (
	// ampleMappings: an instance of wasmtime has three.
	ampleMappings = 262144
	// ampleProcesses: a container of Docker has some eleven threads in its
	// shim, and threads count as processes do.
	ampleProcesses = 65536
	// ampleFiles: an instance that talks has one to three.
	ampleFiles = 65536
)

func (t tree) checkMapCount() Finding {
	const name = "vm.max_map_count"
	f := Finding{Name: "map_count", State: OK,
		Meaning: "each instance uses memory mappings; at a process's limit the next instance fails, which ends density before memory is full"}
	return t.checkCount(f, name, ampleMappings, Command{"sysctl -w " + name + "=1048576", "let a process have more mappings"})
}

func (t tree) checkProcesses() Finding {
	const name = "kernel.pid_max"
	f := Finding{Name: "pid_max", State: OK,
		Meaning: "each process and thread uses a process ID, and a container's shim about eleven; the limit ends the density of containers"}
	return t.checkCount(f, name, ampleProcesses, Command{"sysctl -w " + name + "=4194304", "let the machine have more processes and threads"})
}

// checkCount completes a finding on a setting that should be at least ample.
func (t tree) checkCount(f Finding, name string, ample uint64, fix Command) Finding {
	text, _ := t.sysctl(name)
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		f.State = Unknown
		return f
	}
	f.Value = name + " is " + text
	if n < ample {
		f.State = Warn
		f.setFix(fix)
	}
	return f
}

func (t tree) checkOpenFiles() Finding {
	f := Finding{Name: "open_files", State: OK,
		Meaning: "each instance outside the agent uses open files; at the limit the next instance fails"}
	text, _ := t.text("proc/self/limits")
	files, ok := parseLimit(text, limitTitles["RLIMIT_NOFILE"])
	if !ok {
		f.State = Unknown
		return f
	}
	f.Value = files.String()
	// The Go runtime raises the soft limit to the hard one by itself.
	if files.hard < ampleFiles {
		f.State, f.Remedy = Warn, "ulimit -Hn 1048576 as root before the run, or LimitNOFILE= in its service"
	}
	return f
}
