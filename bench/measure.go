package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"edgebench/results"
)

// measure runs the rest of the plan in its order, and then adaptive trials until
// the budget is used up. Records of trials that a user interrupted are not kept:
// they say nothing about the cell.
func (x *session) measure(ctx context.Context, before []results.Record) (Summary, error) {
	sum := Summary{Dir: x.run.Dir}
	done, kept := x.recall(before, &sum)
	e := newEstimate(x.run.Plan.Trials(), done)
	fresh, err := x.planned(ctx, done, &sum, e)
	sum.Left = e.left()
	if err == nil && ctx.Err() == nil {
		err = x.adapt(ctx, newScheduler(x.run.Plan, x.run.Environment, append(kept, fresh...), &x.failures), &sum, e)
	}
	if err == nil && ctx.Err() != nil {
		err = ErrInterrupted
	}
	sum.Unmeasured = x.unmeasured()
	return sum, err
}

// recall finds the trials of an earlier part of the run that are not repeated:
// those that ended well, and those of cells that are given up. It also returns
// their records.
func (x *session) recall(before []results.Record, sum *Summary) (done map[int]bool, kept []results.Record) {
	for i := range before {
		x.failures.Add(&before[i])
		x.outcomes.add(&before[i])
	}
	done = map[int]bool{}
	for _, r := range before {
		if _, up := x.failures.GivenUp(r.Cell); up || r.Outcome == results.OK {
			done[r.Seq] = true
			kept = append(kept, r)
			sum.count(r.Outcome)
		}
	}
	for _, t := range x.run.Plan.Trials() {
		if _, up := x.failures.GivenUp(t.Cell); up && !t.Adaptive && !done[t.Seq] {
			done[t.Seq] = true
			sum.GivenUp++
		}
	}
	return done, kept
}

// planned runs the trials that are not adaptive, in their order, but for those that
// the budget has no time for (see affordable and owed).
func (x *session) planned(ctx context.Context, done map[int]bool, sum *Summary, e *estimate) ([]results.Record, error) {
	var fresh []results.Record
	block := -1
	waiting := slices.DeleteFunc(x.run.Plan.Trials(), func(t results.Trial) bool { return done[t.Seq] || t.Adaptive })
	c := chooser{session: x, estimate: e, owing: true}
	for ctx.Err() == nil {
		next := c.next(waiting)
		if next < 0 {
			break
		}
		t := waiting[next]
		if block >= 0 && t.Block > block && x.rounds < x.preparations() {
			if err := x.prepareBlock(ctx, fitting(x.run.Plan.Specs, c.fits)); err != nil {
				return fresh, err
			}
		}
		block = max(block, t.Block)
		remaining := c.remaining(waiting)
		x.observer.Trial(t, Progress{
			Done: sum.ended(), Planned: sum.ended() + e.left(), Remaining: remaining, Budget: x.forAdaptive(remaining),
		})
		record, err := x.trial(ctx, t, sum, e)
		if err != nil {
			return fresh, err
		}
		fresh = append(fresh, record)
		waiting = x.giveUp(&record, slices.Delete(waiting, next, next+1), sum, e)
	}
	if len(waiting) > 0 && ctx.Err() == nil {
		x.observer.Note(fmt.Sprintf("the budget of %v is too small for all: %d trials were not begun, those first that the plan lists last", x.run.Plan.Budget, len(waiting)))
	}
	return fresh, nil
}

// chooser says which of the waiting trials is next: first what is owed, then what the
// rest of the budget has time for.
type chooser struct {
	session  *session
	estimate *estimate
	owing    bool // something may be owed still
	// fits are the cells that have time, as counted at a time.
	fits    map[results.Cell]bool
	counted time.Time
}

// next is the index of the next trial, -1 where there is time for none.
func (c *chooser) next(waiting []results.Trial) int {
	p := &c.session.run.Plan
	if c.owing {
		c.fits = owed(p, waiting)
		c.owing = len(c.fits) > 0
	}
	next := c.among(waiting)
	if next < 0 || !c.owing && time.Since(c.counted) > recount {
		c.fits, c.counted = affordable(p, waiting, c.session.left(), c.estimate), time.Now()
		next = c.among(waiting)
	}
	return next
}

// remaining is how long the trials take that are run.
func (c *chooser) remaining(waiting []results.Trial) time.Duration {
	left := min(c.estimate.remaining(), max(c.session.left(), 0))
	if !c.owing {
		return left
	}
	var sum time.Duration
	seen := map[results.Cell]bool{}
	for _, t := range waiting {
		if c.fits[t.Cell] && !seen[t.Cell] {
			seen[t.Cell] = true
			sum += c.estimate.one(t)
		}
	}
	return max(left, sum)
}

// among is the first trial of a cell that has time.
func (c *chooser) among(waiting []results.Trial) int {
	return slices.IndexFunc(waiting, func(t results.Trial) bool { return c.fits[t.Cell] })
}

// recount is how often it is counted anew what the budget has time for. A long plan has
// tens of thousands of trials, of which a count takes milliseconds.
const recount = time.Second

// left is what is left of the budget.
func (x *session) left() time.Duration { return x.run.Plan.Budget - time.Since(x.began) }

// fitting are the specifications whose cells have time.
func fitting(specs []results.Spec, fits map[results.Cell]bool) []results.Spec {
	return slices.DeleteFunc(slices.Clone(specs), func(s results.Spec) bool { return !fits[s.Cell] })
}

// trial runs one and keeps its record, unless it was interrupted or its engine was lost.
func (x *session) trial(ctx context.Context, t results.Trial, sum *Summary, e *estimate) (results.Record, error) {
	var record results.Record
	var took time.Duration
	err := x.engines.whileThere(ctx, t.System, func() bool {
		from := time.Now()
		record = x.trials.Do(ctx, t)
		took = time.Since(from)
		return record.Outcome == results.OK
	})
	if err != nil || ctx.Err() != nil {
		return record, err
	}
	e.took(t, took)
	if err := x.run.Append(record); err != nil {
		return record, fmt.Errorf("write a record: %w (what was written before is kept; go on with --resume %s)", err, x.run.Dir)
	}
	sum.count(record.Outcome)
	x.outcomes.add(&record)
	return record, nil
}

func (s *Summary) count(o results.Outcome) {
	switch o {
	case results.OK:
		s.OK++
	case results.Failed:
		s.Failed++
	case results.Unavailable:
		s.Unavailable++
	}
}
