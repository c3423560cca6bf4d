package runnertest

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"edgebench/runners"
)

// noHiddenCache loads artefacts that this process has never seen, and loads them
// again in a new runtime. If something were kept between runtimes, the second time
// would be shorter. It compares processor time, which does not grow when other
// programs have the processor. It compares the minimum of several times, since noise
// only adds. Times below a millisecond are too close to the noise to be compared.
func noHiddenCache(t *testing.T, s *suite) {
	a := s.probe(t)
	const pairs = 5
	var first, again []time.Duration
	for i := range pairs {
		busted := cacheBusted(t, a, i)
		first = append(first, s.timeLoad(t, busted))
		again = append(again, s.timeLoad(t, busted))
	}
	if f, a := slices.Min(first), slices.Min(again); f > time.Millisecond && a*3 < f {
		t.Errorf("Prepare and Load take %v of processor time for a new artefact and %v for a known one: something is kept between runtimes", f, a)
	}
}

// timeLoad prepares and loads in a runtime of its own, and returns the processor
// time that this took.
func (s *suite) timeLoad(t *testing.T, a runners.Artefact) time.Duration {
	rt := s.boot(t, 0)
	dir := scratch(t)
	from := processorTime(t)
	p, err := rt.Prepare(t.Context(), a, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := rt.Load(t.Context(), p, nil)
	took := processorTime(t) - from
	if err != nil {
		t.Fatal(err)
	}
	removeAfter(t, rt, p)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return took
}

// cacheBusted gives an artefact with the same meaning and other bytes.
func cacheBusted(t *testing.T, a runners.Artefact, n int) runners.Artefact {
	busted, err := a.CacheBusted(filepath.Join(scratch(t), "busted"+filepath.Ext(a.Path)), uint32(n))
	if err != nil {
		t.Fatal(err)
	}
	return busted
}
