package calibrate

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"edgebench/bench/experiment/coldstart"

	"edgebench/results"
	"edgebench/runners"
)

// delay is the question for a known time on one rung.
type delay struct {
	*question
	row    *Row
	system results.System
	rung   results.Rung
	ready  runners.Prepared
	// What the pilot has shown: what the rung costs with no delay, and how long
	// such a trial takes.
	base, wall time.Duration
	iterations int
	// rest is the delay of both sides, put what the one has more than the other.
	rest, put time.Duration
}

// Bounds of a delay. The shortest is as long as its tolerance has a hundred
// times; the longest is for a container's start.
const (
	shortest = 500 * time.Microsecond
	longest  = 4 * time.Second
	// shortestBoot is the shortest on the boot rung, which happens once in a
	// process, so that there is no minimum of several.
	shortestBoot = 400 * time.Millisecond
	// contrast is how many times a delay is as long as the pilot's scatter.
	contrast = 400
	// uncut is a delay that is not worth cutting.
	uncut = 50 * time.Millisecond
	// fill is what the iterations of a trial may take, unless they are fewest.
	fill = 60 * time.Millisecond
	// atRest is how long a processor that waits has gone to sleep for good, and
	// caches have cooled down as far as they do.
	atRest = 10 * time.Millisecond
	// pilots are the processes of a pilot.
	pilots = 3
)

// pilot measures a rung with a short delay, in some processes, and chooses the
// delay by how much that scatters.
func (x *calibration) pilot(ctx context.Context, s results.System, rung results.Rung, p runners.Prepared) (*delay, error) {
	row := rowOf(s, rung, "time", results.Seconds, 0, share, tick)
	d := &delay{system: s, rung: rung, ready: p, row: row, question: &question{rows: []*Row{row}}}
	x.Observer.Step(fmt.Sprintf("%s: pilot of %s %s", Known, s, rung))
	short := coldStartWithin(s, rung, x.offerKnown(s, p, "D", uint64(shortest)), 5, fill)
	var minima []float64
	var spread float64
	from := runners.Now()
	for range pilots {
		r, err := x.do(ctx, short)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			d.reject(err)
			return d, nil
		}
		minima = append(minima, minimum(r))
		spread = max(spread, quarter(values(r, coldstart.FirstResponse))-minimum(r))
	}
	d.wall = (runners.Now() - from) / pilots
	scatter := max(slices.Max(minima)-slices.Min(minima), spread)
	d.base = max(0, seconds(slices.Min(minima))-shortest)
	floor := shortest
	if rung == results.Boot {
		floor = shortestBoot
	}
	d.choose(min(max(seconds(contrast*scatter), floor), longest))
	d.question.ask = func(ctx context.Context) ([]float64, error) { return x.askDelay(ctx, d) }
	return d, nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// choose sets the delay, of two digits, and what follows from it.
func (d *delay) choose(put time.Duration) {
	digit := time.Duration(math.Pow(10, math.Floor(math.Log10(float64(put))-1)))
	d.put = put / digit * digit
	d.rest = min(d.put, atRest)
	d.iterations = int(min(max(fill/(d.base+d.rest+d.put), 3), 50))
	switch {
	case d.rung == results.Boot:
		d.iterations = 1
	case d.base > 50*time.Millisecond:
		d.iterations = 2
	}
	row := d.row
	*row = *rowOf(d.system, d.rung, row.What, row.Unit, d.put.Seconds(), share, tick)
	times := time.Duration(d.iterations)
	if d.rung == results.Hot {
		times++ // the exchange that goes before
	}
	d.cost = d.wall + times*(2*d.base+2*d.rest+d.put)
	if d.rung == results.Boot {
		d.cost += d.wall
	}
}

// askDelay is one block: the rung with the delay and without. Both rest first,
// since what wakes from a long sleep or comes to cold caches is slower, whatever
// the guest does. One process does both by turns, but for the boot rung, which
// is a process.
func (x *calibration) askDelay(ctx context.Context, d *delay) ([]float64, error) {
	none, with := uint64(d.rest), uint64(d.rest+d.put)
	if d.rung == results.Boot {
		r, err := x.each(ctx,
			coldStart(d.system, d.rung, x.offerKnown(d.system, d.ready, "D", none), 1),
			coldStart(d.system, d.rung, x.offerKnown(d.system, d.ready, "D", with), 1))
		if err != nil {
			return nil, err
		}
		return []float64{minimum(r[1]) - minimum(r[0])}, nil
	}
	times, err := x.inTurns(ctx, task{
		system: d.system, rung: d.rung, ready: d.ready,
		exchanges: []runners.Exchange{exchange("D", none), exchange("D", with)},
	}, d.iterations)
	if err != nil {
		return nil, err
	}
	return []float64{slices.Min(times[1]) - slices.Min(times[0])}, nil
}

// cutDelays shortens the long ones, all by the same factor, so that the minimum
// number of blocks fits into three quarters of the time.
func (x *calibration) cutDelays(delays []*delay, list []*question, budget time.Duration) {
	var fixed, variable float64
	for _, q := range list {
		if !q.closed {
			fixed += q.cost.Seconds()
		}
	}
	for _, d := range delays {
		if !d.closed && d.put > uncut {
			variable += float64(d.iterations) * d.put.Seconds()
		}
	}
	factor := (0.75*budget.Seconds()/float64(minBlocks) - (fixed - variable)) / variable
	if variable == 0 || factor >= 1 {
		return
	}
	for _, d := range delays {
		if !d.closed && d.put > uncut {
			d.choose(max(uncut, time.Duration(max(0, factor)*float64(d.put))))
		}
	}
}
