package bench

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"edgebench/bench/stat/diagnose"
	"edgebench/results"
)

// batch is the number of the widest cells that get an adaptive trial before all
// cells are judged again. It is not small, since frequent looks would stop cells
// whose interval is narrow by chance. The trials of a batch are shuffled like
// those of a block.
const batch = 12

// enoughFailures of a cell, and it gets no adaptive trial any more.
const enoughFailures = 3

// scheduler spends the rest of the budget on adaptive trials of the cells that
// need them, those of the table first: cells with too few trials on an uncontended
// core, cells with a disturbed trial, and cells with the widest intervals.
type scheduler struct {
	plan    results.Plan
	env     results.Environment
	records []results.Record
	waiting map[results.Cell][]results.Trial // adaptive ones, in the plan's order
	planned map[results.Cell]int             // numbers of the others
	order   *rand.Rand
	// failures has the cells that are given up.
	failures *diagnose.Failures
}

func newScheduler(p results.Plan, env results.Environment, records []results.Record, failures *diagnose.Failures) *scheduler {
	trials := p.Trials()
	s := &scheduler{
		plan: p, env: env, records: slices.Clone(records), waiting: map[results.Cell][]results.Trial{}, planned: p.Planned(),
		order: rand.New(rand.NewPCG(p.Seed, uint64(len(trials)))), failures: failures,
	}
	done := map[int]bool{}
	for _, r := range records {
		done[r.Seq] = true
	}
	for _, t := range trials {
		if t.Adaptive && !done[t.Seq] {
			s.waiting[t.Cell] = append(s.waiting[t.Cell], t)
		}
	}
	return s
}

func (s *scheduler) add(r results.Record) { s.records = append(s.records, r) }

func (s *scheduler) states() map[results.Cell]diagnose.State {
	return diagnose.States(s.plan, diagnose.Judge(s.env, s.records))
}

// need is a cell with the width of its interval, as a part of its median.
type need struct {
	cell results.Cell
	// beside is 0 if the cell's system and artefact stand in the table, else 1.
	beside int
	// contended is by how many fewer trials than are planned had an uncontended core.
	contended int
	width     float64
}

// needs lists the cells that miss the target or have disturbed trials that were
// not replaced. Those of the table come first. Among them and among the others, cells
// with the most contended trials come first, since their trials are short and their
// minimum is the most stable figure of a run. Cells with the widest intervals follow.
func (s *scheduler) needs() []need {
	states := s.states()
	var list []need
	for cell := range s.waiting {
		c := states[cell]
		if _, up := s.failures.GivenUp(cell); up || c.Failed >= enoughFailures {
			continue
		}
		n := need{cell: cell, width: c.Width}
		if !s.plan.Table.Has(cell.System, cell.Artefact) {
			n.beside = 1
		}
		if c.Probed > 0 {
			n.contended = max(0, s.planned[cell]-c.Uncontended)
		}
		if n.contended > 0 || !c.Meets(s.plan.Target) || c.Undisturbed < s.planned[cell] {
			list = append(list, n)
		}
	}
	// The seed and the plan alone decide, so equals go by their names.
	slices.SortFunc(list, func(a, b need) int {
		return cmp.Or(cmp.Compare(a.beside, b.beside), cmp.Compare(b.contended, a.contended), cmp.Compare(b.width, a.width), cmp.Compare(a.cell.String(), b.cell.String()))
	})
	return list
}

// next takes the adaptive trials of the next batch, shuffled; none when no cell
// needs one, or none is left for those that do.
func (s *scheduler) next() []results.Trial {
	var trials []results.Trial
	for _, n := range s.needs() {
		if left := s.waiting[n.cell]; len(left) > 0 && len(trials) < batch {
			trials = append(trials, left[0])
			s.waiting[n.cell] = left[1:]
		}
	}
	s.order.Shuffle(len(trials), func(i, j int) { trials[i], trials[j] = trials[j], trials[i] })
	return trials
}

// missed says how many cells with a target have missed it.
func (s *scheduler) missed() (missed, all int) {
	for cell, c := range s.states() {
		if _, aimed := s.waiting[cell]; !aimed {
			continue
		}
		all++
		if !c.Meets(s.plan.Target) {
			missed++
		}
	}
	return missed, all
}

// adapt runs adaptive trials until no cell needs one or the budget ends.
func (x *session) adapt(ctx context.Context, s *scheduler, sum *Summary, e *estimate) error {
	if s.plan.Target == 0 || len(s.waiting) == 0 {
		return nil
	}
	for ctx.Err() == nil {
		trials := s.next()
		if len(trials) == 0 {
			break
		}
		for _, t := range trials {
			if _, up := s.failures.GivenUp(t.Cell); up {
				continue
			}
			if e.one(t) > x.left() {
				x.noteMissed(s, sum)
				return nil
			}
			left, planned := x.left(), sum.ended()-sum.Adaptive
			x.observer.Trial(t, Progress{Done: planned, Planned: planned, Adaptive: sum.Adaptive, Remaining: left, Budget: left})
			record, err := x.trial(ctx, t, sum, e)
			if err != nil || ctx.Err() != nil {
				return err
			}
			s.add(record)
			x.giveUp(&record, nil, sum, e)
			sum.Adaptive++
		}
	}
	x.noteMissed(s, sum)
	return nil
}

// forAdaptive is how long from now adaptive trials end that begin after the time that
// the planned ones take; 0 where there are none.
func (x *session) forAdaptive(planned time.Duration) time.Duration {
	left := x.left()
	if x.run.Plan.Target == 0 || left <= planned {
		return 0
	}
	return left
}

// noteMissed says how many cells adaptive trials could not bring to the target.
func (x *session) noteMissed(s *scheduler, sum *Summary) {
	if missed, all := s.missed(); missed > 0 {
		x.observer.Note(fmt.Sprintf("%d of %d cold starts miss the target of ±%.0f %% after %d adaptive trials: the report names them", missed, all, s.plan.Target*100, sum.Adaptive))
	}
}
