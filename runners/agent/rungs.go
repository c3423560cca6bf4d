package agent

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"edgebench/results"
	"edgebench/runners"
)

// rung gives the function that does one iteration of the task's rung.
func (m *measurement) rung() (func(context.Context, int) error, error) {
	rungs := map[results.Rung]func(context.Context, int) error{
		results.Deploy: m.deploy,
		results.Boot:   m.boot,
		results.Cold:   m.cold,
		results.Pooled: m.pooled,
		results.Hot:    m.hot,
	}
	rung, ok := rungs[m.task.Rung]
	if !ok {
		return nil, fmt.Errorf("rung %q is unknown", m.task.Rung)
	}
	return rung, nil
}

// deploy times Prepare, Load, Instantiate and Call in a runtime of its own.
func (m *measurement) deploy(ctx context.Context, i int) (err error) {
	runtime.GC()
	rt, err := m.runner.Boot(ctx, m.subject.Options)
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, rt.Close()) }()
	dir := filepath.Join(m.subject.Options.Scratch, "deploy"+strconv.Itoa(i))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder to prepare in: %w", err)
	}
	defer func() { err = firstError(err, os.RemoveAll(dir)) }()

	m.trace.Begin()
	p, err := rt.Prepare(ctx, m.subject.Prepared.Artefact, dir, m.trace)
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, remove(ctx, rt, p)) }()
	return m.fromDisk(ctx, rt, p)
}

// cold times Load, Instantiate and Call in a runtime of its own, so that no state
// of an earlier iteration in memory makes it faster.
func (m *measurement) cold(ctx context.Context, _ int) (err error) {
	runtime.GC()
	rt, err := m.runner.Boot(ctx, m.subject.Ready())
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, rt.Close()) }()
	m.trace.Begin()
	return m.fromDisk(ctx, rt, m.subject.Prepared)
}

// boot is cold with the start of the runtime, once in a process. The harness
// takes the total time; the phases of the agent begin when the request was read.
// The start of the process is not part of the time that a slowed runner extends.
func (m *measurement) boot(ctx context.Context, i int) (err error) {
	if i > 0 {
		return fmt.Errorf("the boot rung happens once in a process")
	}
	m.asking = true // when the response has been sent
	m.trace.Begin()
	rt, err := m.runner.Boot(ctx, m.subject.Ready())
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, rt.Close()) }()
	m.trace.Mark(runners.PhaseBoot)
	return m.fromDisk(ctx, rt, m.subject.Prepared)
}

// fromDisk is the part that deploy, boot and cold share. The trace has begun.
func (m *measurement) fromDisk(ctx context.Context, rt runners.Runtime, p runners.Prepared) (err error) {
	loaded, err := rt.Load(ctx, p, m.trace)
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, loaded.Close()) }()
	in, err := loaded.Instantiate(ctx, m.trace)
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, in.Close()) }()
	return m.finish(ctx, in)
}

// pooled times Instantiate or Resume, and Call.
func (m *measurement) pooled(ctx context.Context, _ int) (err error) {
	in, err := m.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, in.Close()) }()
	return m.finish(ctx, in)
}

// begin starts the trace and brings the ready state to life.
func (m *measurement) begin(ctx context.Context) (runners.Instance, error) {
	parker, ok := m.loaded.(runners.Parker)
	if !ok {
		m.trace.Begin()
		return m.loaded.Instantiate(ctx, m.trace)
	}
	parked, err := parker.Park(ctx)
	if err != nil {
		return nil, err
	}
	m.trace.Begin()
	in, err := parked.Resume(ctx, m.trace)
	if err != nil {
		return nil, firstError(err, parked.Close())
	}
	return in, nil
}

// hot times Call on one instance that has answered each exchange before.
func (m *measurement) hot(ctx context.Context, _ int) error {
	m.trace.Begin()
	return m.finish(ctx, m.live)
}

// ready makes what all iterations of a loaded rung share: the loaded state, and for the
// rung hot the instance.
func (m *measurement) ready(ctx context.Context) (err error) {
	if !m.task.Rung.Loaded() {
		return nil
	}
	if m.rt, err = m.runner.Boot(ctx, m.subject.Ready()); err != nil {
		return err
	}
	if m.loaded, err = m.rt.Load(ctx, m.subject.Prepared, nil); err != nil || m.task.Rung != results.Hot {
		return err
	}
	if m.live, err = m.loaded.Instantiate(ctx, nil); err != nil {
		return err
	}
	for _, x := range m.subject.Exchanges {
		if m.response, err = exchange(ctx, m.live, m.response, x); err != nil {
			return err
		}
	}
	return m.task.Placement.hold(ctx, machineCores, m.rt)
}
