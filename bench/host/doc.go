// Package host describes the machine that a run is measured on: its
// fingerprint, which stands in the run's environment, and the doctor's
// findings, which say what on it disturbs or limits a measurement.
//
// On Linux both are read from /proc and /sys, by functions that take the root
// file system as an fs.FS and have no other input, so that any machine can be
// laid out as a tree of files. Nothing here fails: what can't be read, or is
// not what it should be, is left out of the fingerprint and unknown to the
// doctor. Elsewhere there is what the Go runtime and the system's own calls
// tell.
package host

// State is the verdict of a finding.
type State string

// The states.
const (
	// OK: nothing to do.
	OK State = "ok"
	// Warn: it adds noise, or sets a limit that a run may reach. Figures hold
	// under this condition, which is to be stated with them.
	Warn State = "warn"
	// Bad: figures that depend on it are not to be trusted.
	Bad State = "bad"
	// Unknown: it could not be found out.
	Unknown State = "unknown"
)

// Finding is what the doctor says about one property of the machine. All texts
// are one line.
type Finding struct {
	// Name is a stable word with underscores, such as "huge_pages".
	Name  string `json:"name"`
	State State  `json:"state"`
	// Value is what was found, "" where nothing was.
	Value string `json:"value"`
	// Meaning is what that does to a measurement.
	Meaning string `json:"meaning"`
	// Mend is what to do about it, "" where nothing is to be done.
	Mend string `json:"mend,omitempty"`
	// Fix is what a superuser can run to mend it at once; absent where no
	// command does. Nothing here runs them.
	Fix []Command `json:"fix,omitempty"`
}

// Command is one line for sh(1).
type Command struct {
	Run string `json:"run"`
	// Does is what it does, and how to take it back where that is not plain.
	Does string `json:"does"`
}

// mendBy sets the commands, which are also the advice where there is no other.
func (f *Finding) mendBy(commands ...Command) {
	f.Fix = commands
	if f.Mend == "" && len(commands) > 0 {
		f.Mend = commands[0].Run
	}
}
