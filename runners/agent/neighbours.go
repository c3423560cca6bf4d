package agent

import (
	"context"
	"sync"
	"time"

	"edgebench/runners"
)

// pause is how long a neighbour waits between two requests.
const pause = 2 * time.Millisecond

// neighbours are instances that each send small requests, one after the other.
type neighbours struct {
	instances []runners.Instance

	mu        sync.Mutex
	latencies []time.Duration
	failure   error
}

// amongNeighbours makes an attempt beside instances whose latency is measured: for a
// quiet time before it, and meanwhile.
func (c *confined) amongNeighbours(ctx context.Context, a Attempt, found *Attempted, attempt func()) (err error) {
	n := &neighbours{}
	defer func() { err = firstError(err, n.close()) }()
	for range a.Neighbours {
		in, err := c.instance(ctx, []string{Present})
		if err != nil {
			return err
		}
		n.instances = append(n.instances, in)
	}
	if found.Before, err = n.during(ctx, func() { time.Sleep(a.Quiet) }); err != nil {
		return err
	}
	found.Meanwhile, err = n.during(ctx, attempt)
	return err
}

// during lets all neighbours send requests until do returns, and gives the latencies.
func (n *neighbours) during(ctx context.Context, do func()) ([]time.Duration, error) {
	n.latencies = nil
	over := make(chan struct{})
	var wg sync.WaitGroup
	for _, in := range n.instances {
		wg.Go(func() { n.send(ctx, in, over) })
	}
	do()
	close(over)
	wg.Wait()
	return n.latencies, n.failure
}

// send sends requests until the time is over, at least one.
func (n *neighbours) send(ctx context.Context, in runners.Instance, over <-chan struct{}) {
	var response []byte
	for {
		from := runners.Now()
		var err error
		response, err = in.Call(ctx, response[:0], []byte(Present))
		n.note(runners.Now()-from, err)
		select {
		case <-over:
			return
		case <-time.After(pause):
		}
		if err != nil {
			return
		}
	}
}

// maxLatencies bounds what is kept.
const maxLatencies = 100_000

func (n *neighbours) note(took time.Duration, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err != nil && n.failure == nil {
		n.failure = err
	}
	if err == nil && len(n.latencies) < maxLatencies {
		n.latencies = append(n.latencies, took)
	}
}

func (n *neighbours) close() error {
	errs := make([]error, len(n.instances))
	for i, in := range n.instances {
		errs[i] = in.Close()
	}
	return firstError(errs...)
}
