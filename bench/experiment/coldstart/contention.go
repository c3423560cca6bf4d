package coldstart

import (
	"time"

	"edgebench/results"
)

// ProbeSlack is the share by which the contention probe of an uncontended core is
// longer, at most, than the shortest ones of a run's trials of a runner and rung.
const ProbeSlack = 0.03

// Alike names the cells whose contention probes can be compared, by runner and
// rung alone: a probe depends a little on what is done between the readings.
func Alike(c results.Cell) results.Cell {
	return results.Cell{System: results.System{Runner: c.Runner}, Params: results.Params("").With(results.RungParam, string(c.Rung()))}
}

// uncontended holds the shortest probes so far, by those that are alike.
type uncontended map[results.Cell]time.Duration

// longest is the longest probe of an uncontended core, 0 where nothing is known.
func (u uncontended) longest(c results.Cell) time.Duration {
	return time.Duration(float64(u[Alike(c)]) * (1 + ProbeSlack))
}

// add takes note of a trial's probe, which is 0 where it has none.
func (u *uncontended) add(c results.Cell, probe time.Duration) {
	if *u == nil {
		*u = uncontended{}
	}
	if shortest := (*u)[Alike(c)]; probe > 0 && (shortest == 0 || probe < shortest) {
		(*u)[Alike(c)] = probe
	}
}
