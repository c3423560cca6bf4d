package calibrate

import (
	"context"
	"fmt"
	"math"
	"time"

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
	put        time.Duration
}

// Bounds of a delay. The shortest is as long as its tolerance has a hundred
// times; the longest is for a container's start.
const (
	shortest = 500 * time.Microsecond
	longest  = 3 * time.Second
	// contrast is how many times a delay is as long as the pilot's scatter.
	contrast = 400
	// uncut is a delay that is not worth cutting.
	uncut = 50 * time.Millisecond
	// fill is what the iterations of a trial may take, unless they are fewest.
	fill = 40 * time.Millisecond
)

// pilot measures a rung without a delay, in two processes, and chooses the
// delay by how much that scatters.
func (x *experiment) pilot(ctx context.Context, s results.System, rung results.Rung, p runners.Prepared) (*delay, error) {
	row := rowOf(s, rung, "time", results.Seconds, 0, share, tick)
	d := &delay{system: s, rung: rung, ready: p, row: row, question: &question{rows: []*Row{row}}}
	x.Observer.Step(fmt.Sprintf("%s: pilot of %s %s", Known, s, rung))
	none := coldStart(s, rung, x.offerKnown(s, p, "D", 0), 5)
	none.Duration = fill
	var leasts []float64
	var spread float64
	from := runners.Now()
	for range 2 {
		r, err := x.do(ctx, none)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			d.refuse(err)
			return d, nil
		}
		leasts = append(leasts, least(r))
		spread = max(spread, quarter(r)-least(r))
	}
	d.wall = (runners.Now() - from) / 2
	scatter := max(math.Abs(leasts[0]-leasts[1]), spread)
	d.base = seconds(min(leasts[0], leasts[1]))
	d.choose(min(max(seconds(contrast*scatter), shortest), longest))
	d.question.ask = func(ctx context.Context) ([]float64, error) { return x.askDelay(ctx, d) }
	return d, nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// choose sets the delay, of two digits, and what follows from it.
func (d *delay) choose(put time.Duration) {
	digit := time.Duration(math.Pow(10, math.Floor(math.Log10(float64(put))-1)))
	d.put = put / digit * digit
	d.iterations = int(min(max(fill/(d.base+d.put), 3), 50))
	switch {
	case d.rung == results.Boot:
		d.iterations = 1
	case d.base > 50*time.Millisecond:
		d.iterations = 2
	}
	row := d.row
	*row = *rowOf(d.system, d.rung, row.What, row.Unit, d.put.Seconds(), share, tick)
	times := time.Duration(d.iterations)
	d.cost = 2*d.wall + times*(2*d.base+d.put)
	if d.rung == results.Hot {
		d.cost += d.put // the exchange that goes before
	}
}

// askDelay is one block: a trial with the delay and one without.
func (x *experiment) askDelay(ctx context.Context, d *delay) ([]float64, error) {
	none := coldStart(d.system, d.rung, x.offerKnown(d.system, d.ready, "D", 0), d.iterations)
	with := coldStart(d.system, d.rung, x.offerKnown(d.system, d.ready, "D", uint64(d.put)), d.iterations)
	r, err := x.each(ctx, none, with)
	if err != nil {
		return nil, err
	}
	return []float64{least(r[1]) - least(r[0])}, nil
}

// cutDelays shortens the long ones, all by the same factor, so that three
// quarters of the time hold the least number of blocks.
func (x *experiment) cutDelays(delays []*delay, list []*question, budget time.Duration) {
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
	factor := (0.75*budget.Seconds()/float64(leastBlocks) - (fixed - variable)) / variable
	if variable == 0 || factor >= 1 {
		return
	}
	for _, d := range delays {
		if !d.closed && d.put > uncut {
			d.choose(max(uncut, time.Duration(max(0, factor)*float64(d.put))))
		}
	}
}
