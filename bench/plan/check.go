package plan

import (
	"fmt"
	"slices"
	"time"

	"edgebench/results"
)

// The bounds of what a configuration may ask for: generous, and small enough
// that a slip of a digit is refused instead of filling a disk.
const (
	maxBlocks     = 10_000
	maxIterations = 1_000_000
	maxInstances  = 1_000_000
	maxDuration   = Duration(24 * time.Hour)
	maxWorkers    = 4096
)

func (c *Config) check() error {
	if c.Profile == "" {
		return fmt.Errorf("profile, the configuration's name, is missing")
	}
	if err := within("budget", c.Budget); err != nil {
		return err
	}
	if err := within("deadline", c.Deadline); err != nil {
		return err
	}
	if !(c.Target >= 0 && c.Target < 1) {
		return fmt.Errorf("target is %v, want a part of the median from 0 (none) to below 1", c.Target)
	}
	if len(c.Matrix) == 0 {
		return fmt.Errorf("there is no [[matrix]] entry, so nothing to measure")
	}
	for i := range c.Matrix {
		if err := c.Matrix[i].check(); err != nil {
			return fmt.Errorf("matrix entry %d: %w", i+1, err)
		}
		if c.Matrix[i].Duration >= c.Deadline {
			return fmt.Errorf("matrix entry %d: duration must be shorter than the deadline of %v", i+1, time.Duration(c.Deadline))
		}
	}
	return c.checkTable()
}

func (c *Config) checkTable() error {
	t := c.Table
	if t.Workload == "" || t.Language == "" || len(t.Containers) == 0 || len(t.Wasm) == 0 || t.Reference.Runner == "" {
		return fmt.Errorf("table needs workload, language, containers, wasm and reference")
	}
	for _, s := range slices.Concat(t.Containers, t.Wasm, t.Fallback, []results.System{t.Reference}) {
		if s.Runner == "" || s.Mode == "" {
			return fmt.Errorf("table: a system needs runner and mode")
		}
	}
	return nil
}

func (e *Entry) check() error {
	if !slices.Contains(results.Experiments(), e.Experiment) {
		return fmt.Errorf("experiment %q is not one of %v", e.Experiment, results.Experiments())
	}
	for _, r := range e.Rungs {
		if !slices.Contains(results.Rungs(), r) {
			return fmt.Errorf("rung %q is not one of %v", r, results.Rungs())
		}
	}
	if e.Blocks < 1 || e.Blocks > maxBlocks {
		return fmt.Errorf("blocks is %d, want 1 to %d", e.Blocks, maxBlocks)
	}
	if e.MaxBlocks != 0 && (e.MaxBlocks < e.Blocks || e.MaxBlocks > maxBlocks || e.Experiment != results.ColdStart) {
		return fmt.Errorf("max_blocks is %d: cold starts alone have it, from blocks (%d) to %d", e.MaxBlocks, e.Blocks, maxBlocks)
	}
	switch e.Experiment {
	case results.ColdStart:
		return e.checkColdStart()
	case results.Memory, results.Density:
		return e.checkSteps()
	case results.Throughput:
		return e.checkThroughput()
	}
	return nil
}

func (e *Entry) checkColdStart() error {
	if e.Iterations < 1 || e.Iterations > maxIterations {
		return fmt.Errorf("iterations is %d, want 1 to %d", e.Iterations, maxIterations)
	}
	for _, p := range e.PageCache {
		if p != Warm && p != Dropped {
			return fmt.Errorf("page_cache is %q, want %q or %q", p, Warm, Dropped)
		}
	}
	if err := within("duration", e.Duration); err != nil {
		return err
	}
	if e.Spread < 0 || e.Spread > e.Duration {
		return fmt.Errorf("spread is %v, want no more than the duration of %v", time.Duration(e.Spread), time.Duration(e.Duration))
	}
	return nil
}

func (e *Entry) checkSteps() error {
	if len(e.Steps) == 0 || len(e.Steps) > 1000 {
		return fmt.Errorf("steps has %d numbers of instances, want 1 to 1000", len(e.Steps))
	}
	last := 0
	for _, n := range e.Steps {
		if n <= last || n > maxInstances {
			return fmt.Errorf("steps must ascend from 1 to at most %d", maxInstances)
		}
		last = n
	}
	return within("duration", e.Duration)
}

func (e *Entry) checkThroughput() error {
	for _, n := range e.Concurrency {
		if n < 0 || n > maxWorkers {
			return fmt.Errorf("concurrency is %d, want 0 (all cores) to %d", n, maxWorkers)
		}
	}
	return within("duration", e.Duration)
}

func within(name string, d Duration) error {
	if d <= 0 || d > maxDuration {
		return fmt.Errorf("%s is %v, want more than 0s and at most %v", name, time.Duration(d), time.Duration(maxDuration))
	}
	return nil
}
