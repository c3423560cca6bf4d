package host

import "strconv"

// What a run with a thousand containers or ten thousand instances needs.
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
		Meaning: "each instance takes mappings, and at the limit of a process the next one fails: it ends density before memory does"}
	return t.checkCount(f, name, ampleMappings, Command{"sysctl -w " + name + "=1048576", "let a process have more mappings"})
}

func (t tree) checkProcesses() Finding {
	const name = "kernel.pid_max"
	f := Finding{Name: "pid_max", State: OK,
		Meaning: "each process and thread takes a number, and a container's shim takes about eleven: it ends the density of containers"}
	return t.checkCount(f, name, ampleProcesses, Command{"sysctl -w " + name + "=4194304", "let the machine have more processes and threads"})
}

// checkCount completes a finding on a setting that should be no less than
// ample.
func (t tree) checkCount(f Finding, name string, ample uint64, mend Command) Finding {
	text, _ := t.sysctl(name)
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		f.State = Unknown
		return f
	}
	f.Value = name + " is " + text
	if n < ample {
		f.State = Warn
		f.mendBy(mend)
	}
	return f
}

func (t tree) checkOpenFiles() Finding {
	f := Finding{Name: "open_files", State: OK,
		Meaning: "each instance outside the agent takes open files, and at the limit the next one fails"}
	text, _ := t.text("proc/self/limits")
	files, ok := parseLimit(text, limitTitles["RLIMIT_NOFILE"])
	if !ok {
		f.State = Unknown
		return f
	}
	f.Value = files.String()
	// The Go runtime raises the soft limit to the hard one by itself.
	if files.hard < ampleFiles {
		f.State, f.Mend = Warn, "ulimit -Hn 1048576 as root before the run, or LimitNOFILE= in its service"
	}
	return f
}
