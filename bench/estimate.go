package bench

import (
	"time"

	"edgebench/results"
)

// estimate predicts how long the rest of a plan takes. A trial takes the average
// time of its kind. If none of its kind has run it takes that of its experiment and
// runner, else of its experiment, else of all trials.
type estimate struct {
	waiting map[kind]int
	seen    map[kind]tally
}

// kind is what trials of about the same length have in common.
type kind struct {
	experiment results.Experiment
	system     results.System
	artefact   results.Artefact
	params     results.Params
	effort     string
}

// wider are the kinds of which a kind is a part, the closest first.
func (k kind) wider() []kind {
	return []kind{
		{experiment: k.experiment, system: results.System{Runner: k.system.Runner}},
		{experiment: k.experiment},
		{},
	}
}

type tally struct {
	n   int
	sum time.Duration
}

func (t tally) mean() time.Duration { return t.sum / time.Duration(max(t.n, 1)) }

func (t tally) plus(d time.Duration) tally { return tally{t.n + 1, t.sum + d} }

func kindOf(t results.Trial) kind {
	return kind{t.Experiment, t.System, t.Artefact, t.Params, string(t.Effort)}
}

func newEstimate(trials []results.Trial, done map[int]bool) *estimate {
	e := &estimate{waiting: map[kind]int{}, seen: map[kind]tally{}}
	for _, t := range trials {
		if !done[t.Seq] && !t.Adaptive {
			e.waiting[kindOf(t)]++
		}
	}
	return e
}

func (e *estimate) took(t results.Trial, d time.Duration) {
	k := kindOf(t)
	if !t.Adaptive {
		e.waiting[k]--
	}
	for _, k := range append(k.wider(), k) {
		e.seen[k] = e.seen[k].plus(d)
	}
}

// drop removes a planned trial that is not run.
func (e *estimate) drop(t results.Trial) { e.waiting[kindOf(t)]-- }

// left is the number of trials that are still to be run.
func (e *estimate) left() int {
	n := 0
	for _, waiting := range e.waiting {
		n += waiting
	}
	return n
}

// remaining is how long the rest takes.
func (e *estimate) remaining() time.Duration {
	var sum time.Duration
	for k, waiting := range e.waiting {
		sum += time.Duration(waiting) * e.mean(k)
	}
	return sum
}

// knows says whether a trial of this kind has run.
func (e *estimate) knows(t results.Trial) bool { return e.seen[kindOf(t)].n > 0 }

// spent is how long the trials of this kind have taken.
func (e *estimate) spent(t results.Trial) time.Duration { return e.seen[kindOf(t)].sum }

// one is how long a trial takes.
func (e *estimate) one(t results.Trial) time.Duration { return e.mean(kindOf(t)) }

func (e *estimate) mean(k kind) time.Duration {
	for _, k := range append([]kind{k}, k.wider()...) {
		if seen, ok := e.seen[k]; ok {
			return seen.mean()
		}
	}
	return 0
}
