package calibrate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/results"
	"edgebench/runners"
)

// question is asked in blocks until it is decided. Its rows are answered by the
// same trials.
type question struct {
	rows []*Row
	// ask does the trials of one block and gives a value for each row.
	ask func(ctx context.Context) ([]float64, error)
	// cost is how long a block is expected to take.
	cost time.Duration

	// Values by row, one for each block: of blocks in which no trial was
	// disturbed, and of the others.
	values, upset [][]float64
	closed        bool
}

// Bounds of the number of blocks: the minimum that an interval needs, and the
// maximum for one question.
var minBlocks = estimate.Need(0.5)

const (
	mostBlocks      = 20
	mostBlocksQuick = 8
)

// interview asks all questions, block by block, until each is decided. No block
// is begun after the time is over, except for questions with fewer than the
// minimum number of blocks, which get half as much time again.
func (x *calibration) interview(ctx context.Context, part Part, list []*question, budget time.Duration) error {
	most := mostBlocks
	if x.Quick {
		most = mostBlocksQuick
	}
	most *= max(1, x.Patience)
	until := runners.Now() + budget
	for block := range most {
		for _, i := range x.random.Perm(len(list)) {
			q := list[i]
			if q.closed {
				continue
			}
			end := until
			if block < minBlocks {
				end += budget / 2
			}
			if runners.Now() > end {
				q.closed = true
				continue
			}
			x.Observer.Step(fmt.Sprintf("%s: %s %s, %s, block %d", part, q.rows[0].System, q.rows[0].Rung, q.rows[0].What, block+1))
			if err := x.block(ctx, q); err != nil {
				return err
			}
		}
	}
	return nil
}

// block measures one more block of a question. Its own errors are its answer; an
// error of this function ends the calibration.
func (x *calibration) block(ctx context.Context, q *question) error {
	trials, disturbed := x.trials, x.disturbed
	values, err := q.ask(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, row := range q.rows {
		row.Trials += x.trials - trials
		if x.disturbed > disturbed {
			row.Disturbed += x.disturbed - disturbed
			row.DisturbedBy = x.last
		}
	}
	if err != nil {
		q.reject(err)
		return nil
	}
	q.took(values, x.disturbed > disturbed)
	return nil
}

// took judges all rows with a further block. Disturbed blocks count until there
// are enough others. The question is closed when all rows pass. What fails is
// asked on: of many looks at noise, one is likely to find it beyond a tolerance.
func (q *question) took(values []float64, upset bool) {
	if q.values == nil {
		q.values, q.upset = make([][]float64, len(q.rows)), make([][]float64, len(q.rows))
	}
	q.closed = true
	for i, row := range q.rows {
		if upset {
			q.upset[i] = append(q.upset[i], values[i])
		} else {
			q.values[i] = append(q.values[i], values[i])
		}
		counted, calm := q.values[i], len(q.values[i]) >= minBlocks
		if !calm {
			counted = slices.Concat(q.values[i], q.upset[i])
		}
		row.judge(counted, calm)
		q.closed = q.closed && row.Verdict == Pass
	}
}

// reject closes a question that can't be measured.
func (q *question) reject(err error) {
	q.closed = true
	for _, row := range q.rows {
		row.Verdict, row.Reason = Fail, err.Error()
		if errors.Is(err, runners.ErrUnavailable) {
			row.Verdict = Unavailable
		}
	}
}

// judge answers from the values of blocks, which are calm where none of them was
// disturbed.
func (r *Row) judge(values []float64, calm bool) {
	s := &stat.Sample{Unit: r.Unit}
	for i, v := range values {
		s.Trials = append(s.Trials, stat.Values{Seq: i, Values: []float64{v}})
	}
	median := estimate.Summarise(s).Median
	r.Found, r.Blocks = median.Value, len(values)
	r.Verdict, r.Reason = Undecided, fmt.Sprintf("%d blocks give no interval, %d are needed: give more time (--patience)", len(values), minBlocks)
	if median.Interval == nil {
		return
	}
	r.Interval = &Range{median.Interval.Low, median.Interval.High}
	switch {
	case r.Interval.within(r.Tolerance):
		r.Verdict, r.Reason = Pass, ""
	case r.Interval.apart(r.Tolerance) && !calm && 4*r.Disturbed > r.Trials:
		r.Reason = "outside the tolerance, but many trials were disturbed by other activity of the machine: try again when it is idle"
	case r.Interval.apart(r.Tolerance):
		r.Verdict, r.Reason = Fail, "the interval lies outside the tolerance"
	case !calm && r.Disturbed > 0:
		r.Reason = "the interval reaches beyond the tolerance, and trials were disturbed by other activity of the machine: try again when it is idle"
	default:
		r.Reason = "the interval reaches beyond the tolerance after as many blocks as the time allowed: " + r.remedy()
	}
}

// remedy says what would decide a question whose interval reaches beyond the
// tolerance. An interval narrows with the square root of the number of blocks, so
// it would end at the nearer bound with so many times as many.
func (r *Row) remedy() string {
	room := min(math.Abs(r.Found-r.Tolerance.Low), math.Abs(r.Found-r.Tolerance.High))
	reach := max(r.Found-r.Interval.Low, r.Interval.High-r.Found)
	times := math.Ceil(reach * reach / (room * room))
	if !(times <= MaxPatience) { // also of no room at all
		return fmt.Sprintf("what was found is so close to the tolerance that more than %d times as many would be needed", MaxPatience)
	}
	return fmt.Sprintf("about %.0f times as many would decide it (--patience)", max(2, times))
}

// afford skips the most expensive questions until the minimum number of blocks of
// all others fits into the time.
func afford(list []*question, budget time.Duration) {
	for {
		var sum time.Duration
		var dearest *question
		for _, q := range list {
			if q.closed {
				continue
			}
			sum += q.cost * time.Duration(minBlocks)
			if dearest == nil || q.cost > dearest.cost {
				dearest = q
			}
		}
		if sum <= budget || dearest == nil {
			return
		}
		dearest.closed = true
		for _, row := range dearest.rows {
			row.Verdict = Undecided
			row.Reason = fmt.Sprintf("skipped: it would take %v, which is more than the remaining time (--patience)", (dearest.cost * time.Duration(minBlocks)).Round(time.Second))
		}
	}
}

// rowsOf gives the rows of all questions in their order.
func rowsOf(list []*question) []Row {
	var rows []Row
	for _, q := range list {
		for _, row := range q.rows {
			rows = append(rows, *row)
		}
	}
	return rows
}

// rowOf begins a row about a system, to be found within a share of what was put
// in, or within the absolute slack where that is more.
func rowOf(s results.System, rung results.Rung, what, unit string, put, share, slack float64) *Row {
	t := max(put*share, slack)
	return &Row{
		System: s, Rung: rung, What: what, Unit: unit, Put: put,
		Tolerance: Range{put - t, put + t}, Verdict: Undecided, Reason: "not measured: the time was over; give more (--patience)",
	}
}
