package coldstart

import (
	"fmt"
	"slices"
	"time"

	"edgebench/bench/experiment"
	"edgebench/results"
)

// Parameters are the experiment's keys of a configuration.
type Parameters struct {
	// Rungs to start from; none means all that a mode has.
	Rungs []results.Rung `toml:"rungs"`
	// PageCache is "warm" (the default), "dropped" or both.
	PageCache []string `toml:"page_cache"`
	// Placements are those of the rung hot, see experiment.CheckPlacements.
	Placements []string `toml:"placements"`
	Effort
}

// Effort is how much one trial does.
type Effort struct {
	// Iterations that a trial keeps; none is begun after Duration.
	Iterations int                 `toml:"iterations" json:"iterations"`
	Duration   experiment.Duration `toml:"duration" json:"duration"`
	// Spread is over how long these are spread: between two that are kept the rung
	// is done as often as there is time for, so that a short disturbance does not
	// meet them all. 0 for back to back. On the pooled and the hot rung short ones
	// go on within Duration until the core was uncontended.
	Spread experiment.Duration `toml:"spread" json:"spread,omitzero"`
}

// Parameters implements experiment.Experiment.
func (*coldStart) Parameters() experiment.Parameters { return &Parameters{} }

const maxIterations = 1_000_000

// Check implements experiment.Parameters.
func (p *Parameters) Check(deadline time.Duration) error {
	for _, r := range p.Rungs {
		if !slices.Contains(results.Rungs(), r) {
			return fmt.Errorf("rung %q is not one of %v", r, results.Rungs())
		}
	}
	if p.Iterations < 1 || p.Iterations > maxIterations {
		return fmt.Errorf("iterations is %d, want 1 to %d", p.Iterations, maxIterations)
	}
	for _, c := range p.PageCache {
		if c != results.PageCacheWarm && c != results.PageCacheDropped {
			return fmt.Errorf("page_cache is %q, want %q or %q", c, results.PageCacheWarm, results.PageCacheDropped)
		}
	}
	if err := experiment.CheckPlacements(p.Placements); err != nil {
		return err
	}
	if p.Spread < 0 || p.Spread > p.Duration {
		return fmt.Errorf("spread is %v, want no more than the duration of %v", time.Duration(p.Spread), time.Duration(p.Duration))
	}
	return experiment.CheckDuration("duration", p.Duration, deadline)
}

// Expand implements experiment.Parameters: one cell for each rung, state of the
// page cache and placement.
func (p *Parameters) Expand(t experiment.Target) []experiment.Case {
	var all []experiment.Case
	for _, rung := range t.Mode.Rungs {
		if len(p.Rungs) > 0 && !slices.Contains(p.Rungs, rung) || !possible(rung, t) {
			continue
		}
		for _, cache := range p.pageCaches(rung) {
			effort := p.Effort
			if rung == results.Boot || cache == results.PageCacheDropped {
				effort.Iterations = 1 // once in a process
			}
			for _, placed := range p.placed(rung, cache, t) {
				all = append(all, experiment.Case{Params: placed, Effort: effort})
			}
		}
	}
	return all
}

// placed gives the parameters of a rung, for hot those of each placement.
func (p *Parameters) placed(r results.Rung, cache string, t experiment.Target) []results.Params {
	if r != results.Hot {
		return []results.Params{params(r, cache)}
	}
	return experiment.Placed(params(r, cache), p.Placements, t.Mode)
}

// possible reports whether instances of the target support a rung. A single-shot
// instance is never hot, and gives no sign that it is ready to be held before its
// only request.
func possible(r results.Rung, t experiment.Target) bool {
	return !t.SingleShot || r != results.Hot && (r != results.Pooled || !t.Mode.Parks)
}

// pageCaches leaves out the dropped one where a rung begins in memory: there is
// nothing to read.
func (p *Parameters) pageCaches(r results.Rung) []string {
	if len(p.PageCache) == 0 {
		return []string{results.PageCacheWarm}
	}
	return slices.DeleteFunc(slices.Clone(p.PageCache), func(c string) bool {
		return c == results.PageCacheDropped && r.Loaded()
	})
}

func params(r results.Rung, cache string) results.Params {
	return results.NewParams(map[string]string{results.RungParam: string(r), results.PageCacheParam: cache})
}

// WarmParams are the parameters of a rung with a warm page cache.
func WarmParams(r results.Rung) results.Params { return params(r, results.PageCacheWarm) }
