package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"edgebench/results"
)

// ErrLost: an engine that was there when the run began does not answer any more. The
// records are kept.
var ErrLost = errors.New("is not there any more")

const (
	// askAgain is the time between two questions to an engine that is lost.
	askAgain = 2 * time.Second
	// waitAtMost bounds the waiting for an engine where the budget does not, and
	// waitAtLeast is that of trials that the budget does not bound (owed).
	waitAtMost  = 10 * time.Minute
	waitAtLeast = 10 * time.Second
)

// engines tells engines that are lost, such as a container engine that was stopped, from
// trials that fail.
type engines struct {
	// ask says why a system can't be measured now, nil if it can.
	ask func(context.Context, results.System) error
	// systems are those that depend on an engine.
	systems []results.System
	// until is when the waiting ends.
	until func() time.Time
	pause time.Duration
	step  func(string)
	note  func(string)
}

// whileThere does something with a system and, if that fails since the system's engine
// was lost, does it again when the engine is back. It fails with ErrLost if it does not
// come back in time.
func (e *engines) whileThere(ctx context.Context, s results.System, do func() (ok bool)) error {
	for !do() {
		wasLost, err := e.await(ctx, s)
		if err != nil || !wasLost {
			return err
		}
	}
	return nil
}

// await waits for a lost engine. It reports whether the engine was lost at all.
func (e *engines) await(ctx context.Context, s results.System) (wasLost bool, err error) {
	if e == nil || !slices.Contains(e.systems, s) {
		return false, nil
	}
	for until := e.until(); ctx.Err() == nil; {
		reason := e.ask(ctx, s)
		switch {
		case ctx.Err() != nil:
		case reason == nil:
			if wasLost {
				e.note(s.String() + " is there again")
			}
			return wasLost, nil
		case !time.Now().Before(until):
			return true, fmt.Errorf("%s %w: %s", s, ErrLost, oneLine(reason))
		case !wasLost:
			wasLost = true
			e.note(fmt.Sprintf("%s is lost, it is waited for until %s: %s", s, until.Format(time.TimeOnly), oneLine(reason)))
			e.step("waiting for " + s.String())
		}
		select {
		case <-ctx.Done():
		case <-time.After(e.pause):
		}
	}
	return wasLost, nil // the caller sees that it was interrupted
}

// watchEngines makes the session's engines.
func (x *session) watchEngines() {
	x.engines = &engines{
		ask: x.suite.ask, pause: askAgain, step: x.observer.Step, note: x.observer.Note,
		until: func() time.Time {
			return time.Now().Add(min(max(x.left(), waitAtLeast), waitAtMost))
		},
	}
	for _, s := range x.survey.Systems {
		if s.Engine && s.Unavailable == "" {
			x.engines.systems = append(x.engines.systems, s.System)
		}
	}
}

// ask says why a system can't be measured now.
func (h *Installation) ask(ctx context.Context, s results.System) error {
	e, err := h.runner(s.Runner)
	if err != nil {
		return err
	}
	info, err := h.check(ctx, e)
	if err != nil {
		return errors.New(reason(s.Runner, err))
	}
	for _, m := range info.Modes {
		if m.Name == s.Mode {
			if m.Unavailable != "" {
				return errors.New(m.Unavailable)
			}
			return nil
		}
	}
	return fmt.Errorf("%s has no mode %s now", s.Runner, s.Mode)
}
