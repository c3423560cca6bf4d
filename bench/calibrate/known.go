package calibrate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"edgebench/bench/experiment"
	"edgebench/bench/experiment/instances"
	"edgebench/bench/experiment/memory"
	"edgebench/bench/experiment/throughput"

	"edgebench/bench/plan"
	"edgebench/bench/stat"
	"edgebench/bench/stat/diagnose"
	"edgebench/bench/stat/estimate"
	"edgebench/results"
	"edgebench/runners"
)

// guest is the workload whose costs are known (workloads/known).
const guest = "known"

// Tolerances: one percent, or one microsecond, or one page.
const (
	share = 0.01
	tick  = 1e-6
	page  = 4096
)

// known asks each system for what the guest takes.
func (x *calibration) known(ctx context.Context, r *Report) error {
	var list []*question
	var delays []*delay
	for _, s := range x.Systems {
		p, err := x.prepare(ctx, guest, s)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			q := &question{rows: []*Row{rowOf(s.System, "", "prepare the guest", results.Count, 1, share, 0)}}
			q.reject(err)
			list = append(list, q)
			continue
		}
		x.offerKnown(s.System, p, "D", 0)
		hot, cold := time.Duration(0), time.Duration(0)
		for _, rung := range x.rungs(s) {
			d, err := x.pilot(ctx, s.System, rung, p)
			if err != nil {
				return err
			}
			if rung == results.Hot {
				hot = d.wall
			} else {
				cold = max(cold, d.base)
			}
			delays = append(delays, d)
			list = append(list, d.question)
		}
		list = append(list, x.spin(s, p, hot), x.memory(s, p, hot, cold), x.service(s.System, p, hot))
	}
	x.cutDelays(delays, list, x.budget(Known))
	afford(list, x.budget(Known))
	err := x.interview(ctx, Known, list, x.budget(Known))
	r.Known = rowsOf(list)
	return err
}

// rungs are those on which a system is asked for a time.
func (x *calibration) rungs(s plan.System) []results.Rung {
	return slices.DeleteFunc(slices.Clone(s.Mode.Rungs), func(r results.Rung) bool {
		return x.Quick && r != results.Cold && r != results.Hot
	})
}

// offerKnown gives the trial runner the guest with one request, under the name
// that it returns.
func (x *calibration) offerKnown(s results.System, p runners.Prepared, operation string, n uint64) string {
	e := exchange(operation, n)
	name := guest + "-" + e.Name
	x.offer(s, name, p, e)
	return name
}

// exchange is what the guest is asked for. All requests have the same length.
func exchange(operation string, n uint64) runners.Exchange {
	request := fmt.Sprintf("%s%010d", operation, n)
	response := "done"
	switch operation {
	case "S":
		response = fmt.Sprintf("%016x", chain(n))
	case "M":
		response = "ok"
	}
	return runners.Exchange{Name: request, Request: []byte(request), Response: []byte(response)}
}

// chain is what the guest computes in so many rounds.
func chain(rounds uint64) uint64 {
	v := uint64(1)
	for range rounds {
		v = (v^v>>32)*0x9e3779b97f4a7c15 + 1
	}
	return v
}

// A spin is short, so that of many one is likely to have the processor's core for
// itself all the time, but longer than a processor that waits for it stays awake.
// Its rounds are bounded whatever the pilot says, since we compute the right
// answer too. The spins of a block take so long altogether, by where the answer
// comes from: waking another process has to be met often.
const (
	spinTakes  = 100 * time.Microsecond
	spinPilot  = 1_000_000
	mostSpins  = 2_000_000
	spinsHere  = 480 * time.Millisecond
	spinsThere = 2 * time.Second
)

// spins are how many such spins the three requests have: the last has twice as
// many more than the first as the second has.
var spins = [3]uint64{4, 13, 22}

// spin asks how often n further rounds go into 2n further ones, on the hot rung.
// What a request costs beside its rounds is taken off by some rounds and not by
// none, so that the agent waits for long on all sides.
func (x *calibration) spin(s plan.System, p runners.Prepared, wall time.Duration) *question {
	lasts, of := spinsHere, slices.Min[[]float64]
	if s.Mode.Parks {
		lasts, of = spinsThere, twentieth
	}
	turns := int(lasts / (spinTakes * time.Duration(spins[0]+spins[1]+spins[2])))
	row := rowOf(s.System, results.Hot, "twice the rounds", "ratio", 2, share, 0)
	task := task{system: s.System, rung: results.Hot, ready: p}
	ask := func(ctx context.Context) ([]float64, error) {
		if task.exchanges == nil {
			n, err := x.rounds(ctx, s.System, p)
			if err != nil {
				return nil, err
			}
			for _, times := range spins {
				task.exchanges = append(task.exchanges, exchange("S", times*n))
			}
			row.What = fmt.Sprintf("2 × %d rounds to %d", 9*n, 9*n)
		}
		times, err := x.inTurns(ctx, task, turns)
		if err != nil {
			return nil, err
		}
		base := of(times[0])
		return []float64{(of(times[2]) - base) / (of(times[1]) - base)}, nil
	}
	return &question{rows: []*Row{row}, ask: ask, cost: wall + lasts}
}

// rounds finds out how many take about as long as a spin should.
func (x *calibration) rounds(ctx context.Context, s results.System, p runners.Prepared) (uint64, error) {
	name := x.offerKnown(s, p, "S", spinPilot)
	r, err := x.do(ctx, coldStart(s, results.Hot, name, 5))
	if err != nil {
		return 0, err
	}
	n := min(spinPilot*spinTakes.Seconds()/max(minimum(r), tick), mostSpins)
	return max(1000, uint64(n/1000)*1000), nil
}

// touched is what the guest touches in a memory trial: all of its area.
const touched = 32 << 20

// memory asks what each further instance costs that has touched its area, less
// what one costs that has not.
func (x *calibration) memory(s plan.System, p runners.Prepared, hot, cold time.Duration) *question {
	metrics := []string{instances.PSS, instances.AvailableDrop}
	q := &question{}
	for _, metric := range metrics {
		q.rows = append(q.rows, rowOf(s.System, results.Hot, metric+" of an instance", results.Bytes, touched, share, page))
	}
	steps := []int{8, 16, 32}
	if cold > 50*time.Millisecond {
		steps = []int{3, 6}
	}
	without, with := x.memoryTrial(s.System, p, 0, steps), x.memoryTrial(s.System, p, touched, steps)
	q.ask = func(ctx context.Context) ([]float64, error) {
		r, err := x.each(ctx, without, with)
		if err != nil {
			return nil, err
		}
		var found []float64
		for _, metric := range metrics {
			a, err := slope(r[0], metric)
			if err != nil {
				return nil, err
			}
			b, err := slope(r[1], metric)
			if err != nil {
				return nil, err
			}
			found = append(found, b-a)
		}
		return found, nil
	}
	last := time.Duration(steps[len(steps)-1])
	q.cost = 2 * (hot + last*cold*3/2 + time.Duration(len(steps))*100*time.Millisecond)
	return q
}

func (x *calibration) memoryTrial(s results.System, p runners.Prepared, bytes uint64, steps []int) results.Trial {
	return newTrial(s, x.offerKnown(s, p, "M", bytes), memory.Name, "",
		instances.Effort{Steps: steps, Duration: experiment.Duration(within)})
}

// slope is what an instance costs in one memory trial, as the report would say.
func slope(r results.Record, metric string) (float64, error) {
	samples, _ := stat.Group(diagnose.Judge(results.Environment{}, []results.Record{r}))
	key := stat.Key{Cell: r.Cell, Metric: metric}
	of := samples.Get(key)
	key.Metric = instances.Live
	instances := samples.Get(key)
	if of == nil || instances == nil {
		return 0, fmt.Errorf("the trial gave no %s", metric)
	}
	each, _, rejected := estimate.Slopes(instances, of)
	if each == nil {
		return 0, fmt.Errorf("no slope of %s: %v", metric, rejected)
	}
	return each.Trials[0].Values[0], nil
}

// serviceTime is that of the server whose throughput is known: long beside a
// call that asks for nothing and beside the waking of a processor that has
// waited for the response, so that one percent has room for both.
const serviceTime = 100 * time.Millisecond

// service asks for the requests a second of one worker.
func (x *calibration) service(s results.System, p runners.Prepared, wall time.Duration) *question {
	const lasts = 10 * serviceTime
	rate := 1 / serviceTime.Seconds()
	row := rowOf(s, results.Hot, fmt.Sprintf("throughput at %v a request", serviceTime), results.RequestsPerSecond, rate, share, 0)
	t := newTrial(s, x.offerKnown(s, p, "D", uint64(serviceTime)), throughput.Name, throughput.Params(throughput.Reused, 1),
		throughput.Effort{Duration: experiment.Duration(lasts)})
	ask := func(ctx context.Context) ([]float64, error) {
		r, err := x.do(ctx, t)
		if err != nil {
			return nil, err
		}
		return values(r, throughput.RequestRate), nil
	}
	return &question{rows: []*Row{row}, ask: ask, cost: wall + lasts}
}
