package agent

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"edgebench/runners"
	"edgebench/runners/protocol"
)

// IsolationTask asks a guest under a policy to make an attempt (Attempt → Attempted).
// The first task of an agent boots the runtime and prepares the artefact, since the
// policy is part of both.
const IsolationTask = "isolation"

// Attempt is what instances are asked, in this order: Former, Tenant, then Steps.
type Attempt struct {
	// Dir is an existing folder for what is prepared, which others may enter.
	Dir string `json:"dir"`
	// Former are requests to an instance that is closed before the attempt is made.
	Former []string `json:"former,omitempty"`
	// Tenant are requests to an instance that lives beside the one of the attempt.
	Tenant []string `json:"tenant,omitempty"`
	// Beside is a request that another instance handles during the last step, "" for
	// none.
	Beside string `json:"beside,omitempty"`
	// Steps are the requests of the attempt. The first that is not answered ends it.
	Steps []string `json:"steps"`
	// Own gives the attempt an instance that is closed after it. Otherwise it uses one
	// that other attempts use too.
	Own bool `json:"own,omitempty"`
	// Deadline bounds each call.
	Deadline time.Duration `json:"deadline_ns"`
	// Neighbours is the number of instances that send small requests during the last
	// step, and for the time of Quiet before.
	Neighbours int           `json:"neighbours,omitempty"`
	Quiet      time.Duration `json:"quiet_ns,omitempty"`
}

// Attempted is how an attempt went.
type Attempted struct {
	// Answers has the responses, in the order of the steps.
	Answers [][]byte `json:"answers"`
	// Times has how long each step took, also the one that was not answered.
	Times []time.Duration `json:"times_ns"`
	// Failure is the error of the step that was not answered, "" for none.
	Failure string `json:"failure,omitempty"`
	// Stopped says that this step was ended at its deadline.
	Stopped bool `json:"stopped,omitempty"`
	// Trapped says that the guest ended by itself or was ended by its system.
	Trapped bool `json:"trapped,omitempty"`
	// Before and Meanwhile are the neighbours' latencies.
	Before    []time.Duration `json:"before_ns,omitempty"`
	Meanwhile []time.Duration `json:"meanwhile_ns,omitempty"`
	// Start is how long the attempt's own instance took to its first response, 0 if
	// it has none of its own.
	Start time.Duration `json:"start_ns,omitempty"`
}

func isolation(ctx context.Context, s *server, q protocol.Task) (any, error) {
	a, err := read[Attempt](q)
	if err != nil {
		return nil, err
	}
	if s.confined == nil {
		if s.confined, err = confine(ctx, s.runner, q.Subject, a.Dir); err != nil {
			return nil, err
		}
	}
	return s.confined.attempt(ctx, a)
}

// confined is a runtime with a policy, and an artefact that is loaded in it.
type confined struct {
	rt       runners.Runtime
	prepared runners.Prepared
	loaded   runners.Loaded
	shared   runners.Instance // nil until it is needed
}

// confine boots, prepares and loads.
func confine(ctx context.Context, r runners.Runner, q protocol.Subject, dir string) (_ *confined, err error) {
	c := &confined{}
	if c.rt, err = r.Boot(ctx, q.Options); err != nil {
		return nil, err
	}
	if dir, err = os.MkdirTemp(dir, "prepared-"); err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		return nil, firstError(fmt.Errorf("make a folder for what is prepared: %w", err), c.rt.Close())
	}
	if c.prepared, err = c.rt.Prepare(ctx, q.Prepared.Artefact, dir, nil); err != nil {
		return nil, firstError(err, c.rt.Close())
	}
	if c.loaded, err = c.rt.Load(ctx, c.prepared, nil); err != nil {
		return nil, firstError(err, remove(ctx, c.rt, c.prepared), c.rt.Close())
	}
	return c, nil
}

// close ends everything. The store of an engine forgets the artefact.
func (c *confined) close() error {
	ctx := context.Background()
	return firstError(c.forget(), c.loaded.Close(), remove(ctx, c.rt, c.prepared), c.rt.Close())
}

// forget closes the shared instance.
func (c *confined) forget() error {
	if c.shared == nil {
		return nil
	}
	err := c.shared.Close()
	c.shared = nil
	return err
}

// attempt makes one attempt. What a guest does is a result; an error is one of the
// harness.
func (c *confined) attempt(ctx context.Context, a Attempt) (_ *Attempted, err error) {
	found := &Attempted{}
	if err := c.formerly(ctx, a.Former); err != nil {
		return nil, err
	}
	if len(a.Tenant) > 0 {
		tenant, err := c.instance(ctx, a.Tenant)
		if err != nil {
			return nil, err
		}
		defer func() { err = firstError(err, tenant.Close()) }()
	}
	in, err := c.subject(ctx, a.Own, found)
	if err != nil {
		return nil, err
	}
	if a.Own {
		defer func() { err = firstError(err, in.Close()) }()
	}
	around := func(make func()) error { make(); return nil }
	if a.Beside != "" {
		around = func(make func()) error { return c.beside(ctx, a.Beside, make) }
	}
	if a.Neighbours > 0 {
		around = func(make func()) error { return c.amongNeighbours(ctx, a, found, make) }
	}
	last := len(a.Steps) - 1
	if last > 0 {
		takeSteps(ctx, in, a.Steps[:last], a.Deadline, found)
	}
	if found.Failure == "" && last >= 0 {
		if err := around(func() { takeSteps(ctx, in, a.Steps[last:], a.Deadline, found) }); err != nil {
			return nil, err
		}
	}
	if found.Failure != "" && !a.Own {
		return found, c.forget()
	}
	return found, nil
}

// subject gives the instance that makes the attempt, which has answered a ping.
func (c *confined) subject(ctx context.Context, own bool, found *Attempted) (runners.Instance, error) {
	if !own && c.shared != nil {
		return c.shared, nil
	}
	from := runners.Now()
	in, err := c.instance(ctx, []string{Present})
	if err != nil {
		return nil, err
	}
	if own {
		found.Start = runners.Now() - from
	} else {
		c.shared = in
	}
	return in, nil
}

// Present is a request that a guest answers without doing anything.
const Present = "present"

// instance makes an instance that has answered requests.
func (c *confined) instance(ctx context.Context, requests []string) (runners.Instance, error) {
	in, err := c.loaded.Instantiate(ctx, nil)
	if err != nil {
		return nil, err
	}
	for _, r := range requests {
		if _, err := in.Call(ctx, nil, []byte(r)); err != nil {
			return nil, firstError(fmt.Errorf("ask an instance: %w", err), in.Close())
		}
	}
	return in, nil
}

// formerly makes an instance that answers requests and is closed.
func (c *confined) formerly(ctx context.Context, requests []string) error {
	if len(requests) == 0 {
		return nil
	}
	in, err := c.instance(ctx, requests)
	if err != nil {
		return err
	}
	return in.Close()
}

// takeSteps sends an attempt's requests, each with the deadline.
func takeSteps(ctx context.Context, in runners.Instance, list []string, deadline time.Duration, found *Attempted) {
	for _, request := range list {
		within, cancel := context.WithTimeout(ctx, deadline)
		stop := func() bool { return true }
		if s, ok := in.(runners.Stopper); ok {
			// An error shows as a call that goes on.
			stop = context.AfterFunc(within, func() { _ = s.Stop(ctx) })
		}
		from := runners.Now()
		answer, err := in.Call(within, nil, []byte(request))
		found.Times = append(found.Times, runners.Now()-from)
		stop()
		if err != nil {
			found.Stopped = within.Err() != nil
			found.Trapped = errors.Is(err, runners.ErrTrap)
			found.Failure = err.Error()
			cancel()
			return
		}
		cancel()
		found.Answers = append(found.Answers, answer)
	}
}

// beside makes the attempt while another instance handles a request.
func (c *confined) beside(ctx context.Context, request string, attempt func()) error {
	other, err := c.instance(ctx, []string{Present})
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	// What becomes of the other instance is no part of the result.
	wg.Go(func() { _, _ = other.Call(ctx, nil, []byte(request)) })
	attempt()
	wg.Wait()
	return other.Close()
}
