package runnertest

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"edgebench/runners"
)

// noHiddenCache compares artefacts that this process has never seen with the
// same ones again in a new runtime: were something kept between runtimes, the
// second time would be cheaper. Processor time is compared, which does not grow
// when others have the processor. The least of several stand up to noise, which
// only ever adds; times below a millisecond are too close to it, and nothing is
// hidden there.
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
		t.Errorf("Prepare and Load take %v of processor time for what was never seen and %v for what was: something is kept between runtimes", f, a)
	}
}

// timeLoad prepares and loads in a runtime of its own, and gives the processor
// time of that.
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
