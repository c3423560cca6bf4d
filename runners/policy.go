package runners

import (
	"context"
	"fmt"
)

// Policy is what guests are given of their host, beside what a mode cannot keep from
// them. They are given no network, as far as the mode leaves that open.
type Policy struct {
	// Folders that guests find at paths of their own, or at the host's where the mode
	// says so (Mode.HostPaths). A runtime that has room for one folder alone gives
	// the first that may be read only, as its root.
	Folders []Folder `json:"folders,omitempty"`
	// Names is a folder in which names may be made and removed while the files may only be
	// read. A runtime that knows no such folder does not give it; nil for none.
	Names *Folder `json:"names,omitempty"`
	// Environment has the variables of guests, as "NAME=value". A mode may add its
	// own.
	Environment []string `json:"environment,omitempty"`
	// Hardened asks for all that the mode has against guests which are hostile:
	// interruption, no clock, fewer privileges, limits on processes. Memory is limited by
	// Options.Memory.
	Hardened bool `json:"hardened,omitempty"`
}

// Folder is a folder of the host that guests are given.
type Folder struct {
	// Host and Guest are absolute paths.
	Host     string `json:"host"`
	Guest    string `json:"guest"`
	Writable bool   `json:"writable,omitempty"`
}

// IsHardened says whether a policy is there and asks for hardening.
func (p *Policy) IsHardened() bool { return p != nil && p.Hardened }

// ReadOnly gives the path on the host of the first folder that may be read only, ""
// for none.
func (p *Policy) ReadOnly() string {
	if p == nil {
		return ""
	}
	for _, f := range p.Folders {
		if !f.Writable {
			return f.Host
		}
	}
	return ""
}

// RefusePolicy is the error of a mode that does not take a policy, nil where none is
// asked for.
func RefusePolicy(o Options) error {
	if o.Policy == nil {
		return nil
	}
	return fmt.Errorf("the mode %s takes no policy: %w", o.Mode, ErrUnavailable)
}

// HardenedTasks is how many processes and threads a hardened guest may have, where the
// system limits them.
const HardenedTasks = 32

// Stopper is an Instance that can be ended while it is called: its workload runs
// outside the agent. The call then returns an error. Close must still be called.
type Stopper interface {
	Stop(context.Context) error
}
