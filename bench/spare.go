package bench

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"edgebench/bench/stat"
	"edgebench/results"
)

// wave is how many of the widest cells get a spare trial before all are looked
// at again. It is more than a few, so that looking often does not choose the
// moment at which an interval happens to be narrow, and the trials of a wave
// are shuffled like those of a block.
const wave = 12

// enoughFailures of a cell, and it gets no spare trial any more.
const enoughFailures = 3

// spending spends what is left of the budget on the cells that need it: those
// whose least times lack a full pace, those of which a trial was disturbed, and
// the widest.
type spending struct {
	plan    results.Plan
	records []results.Record
	waiting map[string][]results.Trial // spare ones by cell, in the plan's order
	planned map[string]int             // numbers of the others
	order   *rand.Rand
}

func newSpending(p results.Plan, records []results.Record) *spending {
	s := &spending{
		plan: p, records: slices.Clone(records), waiting: map[string][]results.Trial{}, planned: map[string]int{},
		order: rand.New(rand.NewPCG(p.Seed, uint64(len(p.Trials)))),
	}
	done := map[int]bool{}
	for _, r := range records {
		done[r.Seq] = true
	}
	for _, t := range p.Trials {
		key := stat.CellKey(t.Experiment, t.Cell, t.Conditions)
		switch {
		case !t.Spare:
			s.planned[key]++
		case !done[t.Seq]:
			s.waiting[key] = append(s.waiting[key], t)
		}
	}
	return s
}

func (s *spending) took(r results.Record) { s.records = append(s.records, r) }

// need is a cell with the width of its interval, as a part of its median.
type need struct {
	key string
	// lacking is by how many fewer trials than are planned have met a full pace.
	lacking int
	width   float64
}

// needs lists the cells that miss the target or have disturbed trials which
// nothing has taken the place of. First come those that lack the most full paces,
// for their trials are short and their least times the steadiest figures of a
// run, then the widest.
func (s *spending) needs() []need {
	states := stat.States(s.plan, s.records)
	var list []need
	for key := range s.waiting {
		c := states[key]
		if c.Failed >= enoughFailures {
			continue
		}
		n := need{key: key, width: c.Width}
		if c.Paced > 0 {
			n.lacking = max(0, s.planned[key]-c.Full)
		}
		if n.lacking > 0 || !c.Meets(s.plan.Target) || c.Undisturbed < s.planned[key] {
			list = append(list, n)
		}
	}
	// The seed and the plan alone decide, so equals go by their keys.
	slices.SortFunc(list, func(a, b need) int {
		return cmp.Or(cmp.Compare(b.lacking, a.lacking), cmp.Compare(b.width, a.width), cmp.Compare(a.key, b.key))
	})
	return list
}

// next takes the spare trials of the next wave, shuffled; none when no cell
// needs one, or none is left for those that do.
func (s *spending) next() []results.Trial {
	var trials []results.Trial
	for _, n := range s.needs() {
		if left := s.waiting[n.key]; len(left) > 0 && len(trials) < wave {
			trials = append(trials, left[0])
			s.waiting[n.key] = left[1:]
		}
	}
	s.order.Shuffle(len(trials), func(i, j int) { trials[i], trials[j] = trials[j], trials[i] })
	return trials
}

// missed says how many cells with a target have missed it.
func (s *spending) missed() (missed, all int) {
	for key, c := range stat.States(s.plan, s.records) {
		if _, aimed := s.waiting[key]; !aimed {
			continue
		}
		all++
		if !c.Meets(s.plan.Target) {
			missed++
		}
	}
	return missed, all
}

// spend runs spare trials until no cell needs one or the budget ends.
func (x *experiment) spend(ctx context.Context, s *spending, sum *Summary, e *estimate) error {
	if s.plan.Target == 0 || len(s.waiting) == 0 {
		return nil
	}
	for ctx.Err() == nil {
		trials := s.next()
		if len(trials) == 0 {
			break
		}
		for i, t := range trials {
			if time.Since(x.began)+e.one(t) > s.plan.Budget {
				x.noteMissed(s, sum)
				return nil
			}
			x.observer.Trial(sum.OK+sum.Failed+sum.Unavailable, sum.OK+sum.Failed+sum.Unavailable+len(trials)-i, t, s.plan.Budget-time.Since(x.began))
			record, err := x.trial(ctx, t, sum, e)
			if err != nil || ctx.Err() != nil {
				return err
			}
			s.took(record)
			sum.Spare++
		}
	}
	x.noteMissed(s, sum)
	return nil
}

// noteMissed says how many cells spare trials could not bring to the target.
func (x *experiment) noteMissed(s *spending, sum *Summary) {
	if missed, all := s.missed(); missed > 0 {
		x.observer.Note(fmt.Sprintf("%d of %d cold starts miss the target of ±%.0f %% after %d spare trials: the report names them", missed, all, s.plan.Target*100, sum.Spare))
	}
}
