package agent

import (
	"context"
	"errors"
	"os"

	"edgebench/runners"
	"edgebench/runners/protocol"
)

// SurfaceTask asks for what a sandbox holds while its guest has answered one request
// under a policy (Surface → SurfaceResult).
const SurfaceTask = "surface"

// Surface says where to prepare the artefact.
type Surface struct {
	Dir string `json:"dir"` // see Attempt
}

// SurfaceResult describes the process that holds the guest.
type SurfaceResult struct {
	// PID is that process: the agent's own where guests live in it.
	PID int `json:"pid"`
	// Held is what the process holds.
	Held Held `json:"held"`
}

// Held is what a process has of the system.
type Held struct {
	User         int `json:"user"`
	Capabilities int `json:"capabilities"` // number of effective ones
	Descriptors  int `json:"descriptors"`
	// Namespaces names those that are not the agent's.
	Namespaces      []string `json:"namespaces,omitempty"`
	Seccomp         bool     `json:"seccomp,omitempty"` // it has a filter of system calls
	NoNewPrivileges bool     `json:"no_new_privileges,omitempty"`
}

func surface(ctx context.Context, s *server, q protocol.Task) (any, error) {
	p, err := read[Surface](q)
	if err != nil {
		return nil, err
	}
	if s.confined != nil {
		return nil, errors.New("an agent tells of one surface")
	}
	if s.confined, err = confine(ctx, s.runner, q.Subject, p.Dir); err != nil {
		return nil, err
	}
	return s.confined.surface(ctx, q.Subject)
}

// surface starts an instance and has it answer. One that answers once is looked at
// before.
func (c *confined) surface(ctx context.Context, q protocol.Subject) (found *SurfaceResult, err error) {
	in, err := c.loaded.Instantiate(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = firstError(err, in.Close()) }()
	if q.Prepared.Artefact.Interface.SingleShot() {
		if found, err = c.look(ctx); err != nil {
			return nil, err
		}
	}
	if _, err := in.Call(ctx, nil, q.Exchanges[0].Request); err != nil {
		return nil, err
	}
	if found == nil {
		found, err = c.look(ctx)
	}
	return found, err
}

// look finds the process that holds the guest, and what it holds.
func (c *confined) look(ctx context.Context) (*SurfaceResult, error) {
	candidates := []int{os.Getpid()}
	if owner, ok := c.rt.(runners.MemoryOwner); ok {
		owners, err := owner.MemoryOwners(ctx)
		if err != nil {
			return nil, err
		}
		if len(owners.PIDs) > 0 {
			candidates = owners.PIDs
		}
	}
	var found *SurfaceResult
	for _, pid := range candidates {
		held, err := heldBy(pid)
		if err != nil {
			return nil, err
		}
		// Of a workload and its shim the workload has namespaces of its own.
		if found == nil || len(held.Namespaces) > len(found.Held.Namespaces) {
			found = &SurfaceResult{PID: pid, Held: held}
		}
	}
	return found, nil
}
