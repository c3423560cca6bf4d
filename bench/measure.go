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
	choose := x.chooser(e)
	for ctx.Err() == nil {
		next, fits := choose(waiting)
		if next < 0 {
			break
		}
		t := waiting[next]
		if block >= 0 && t.Block > block && x.rounds < x.preparations() {
			if err := x.prepareBlock(ctx, fitting(x.run.Plan.Specs, fits)); err != nil {
				return fresh, err
			}
		}
		block = max(block, t.Block)
		remaining := min(e.remaining(), x.left())
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
		x.observer.Note(fmt.Sprintf("the budget of %v is too small for all: %d trials of cells that the plan lists last were not begun", x.run.Plan.Budget, len(waiting)))
	}
	return fresh, nil
}

// chooser gives a function that says which of the waiting trials is next, and which
// cells have time; -1 where none has. What is owed comes first.
func (x *session) chooser(e *estimate) func(waiting []results.Trial) (int, map[results.Cell]bool) {
	var fits map[results.Cell]bool
	var counted time.Time
	among := func(waiting []results.Trial, cells map[results.Cell]bool) int {
		return slices.IndexFunc(waiting, func(t results.Trial) bool { return cells[t.Cell] })
	}
	return func(waiting []results.Trial) (int, map[results.Cell]bool) {
		if owed := x.owed(waiting); len(owed) > 0 {
			return among(waiting, owed), owed
		}
		next := among(waiting, fits)
		if next < 0 || time.Since(counted) > recount {
			fits, counted = affordable(&x.run.Plan, waiting, x.left(), e), time.Now()
			next = among(waiting, fits)
		}
		return next, fits
	}
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
