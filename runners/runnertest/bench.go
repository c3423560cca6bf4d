package runnertest

import (
	"testing"

	"edgebench/runners"
)

// Bench gives a runner's figures as Go benchmarks, for a quick look and for
// benchstat: one process, no interleaving, no page-cache control. What a run
// of benchrun says stands above it.
//
// Names are key=value: Benchmark/mode=jit/workload=rewrite/rung=cold.
func Bench(b *testing.B, r runners.Runner, name string) {
	entry := find(b, name)
	info, err := r.Check(b.Context())
	if err != nil {
		b.Skipf("%s: %v", name, err)
	}
	g := openGuests(b)
	for _, mode := range info.Modes {
		entry := entry.In(mode)
		language := language(entry)
		for _, w := range g.set.List() {
			if kind, ok := w.KindFor(language, entry.Takes); !ok || !w.Comes(language, kind) {
				continue // it is not written in that language
			}
			b.Run("mode="+mode.Name+"/workload="+w.Name+"/build="+language, func(b *testing.B) {
				if mode.Unavailable != "" {
					b.Skip(mode.Unavailable)
				}
				s := &suite{runner: r, entry: entry, mode: mode, guests: g}
				a := g.artefactFor(b, w.Name, language, entry)
				b.Run("rung=cold", func(b *testing.B) { s.benchCold(b, a, w.Exchanges[0]) })
				b.Run("rung=pooled", func(b *testing.B) { s.benchPooled(b, a, w.Exchanges[0]) })
				b.Run("rung=hot", func(b *testing.B) { s.benchHot(b, a, w.Exchanges[0]) })
			})
		}
	}
}

func (s *suite) benchCold(b *testing.B, a runners.Artefact, x runners.Exchange) {
	p := prepare(b, s.boot(b, 0), a)
	o := options(b, s.mode.Name)
	for b.Loop() {
		b.StopTimer()
		rt, err := s.runner.Boot(b.Context(), o)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		l, err := rt.Load(b.Context(), p, nil)
		if err != nil {
			b.Fatal(err)
		}
		in := answer(b, l, x)
		b.StopTimer()
		closeAll(b, in, l, rt)
		b.StartTimer()
	}
}

func (s *suite) benchPooled(b *testing.B, a runners.Artefact, x runners.Exchange) {
	if s.mode.Parks {
		b.Skip("its ready state must be made anew for each time, which a Go benchmark would measure too: see benchrun")
	}
	l := load(b, s.boot(b, 0), a)
	for b.Loop() {
		closeAll(b, answer(b, l, x))
	}
}

func (s *suite) benchHot(b *testing.B, a runners.Artefact, x runners.Exchange) {
	in := instantiate(b, load(b, s.boot(b, 0), a))
	var buf []byte
	var err error
	for b.Loop() {
		if buf, err = in.Call(b.Context(), buf[:0], x.Request); err != nil {
			b.Fatal(err)
		}
	}
	if string(buf) != string(x.Response) {
		b.Fatalf("got %.60q, want %.60q", buf, x.Response)
	}
}

func answer(b *testing.B, l runners.Loaded, x runners.Exchange) runners.Instance {
	in, err := l.Instantiate(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := in.Call(b.Context(), nil, x.Request); err != nil {
		b.Fatal(err)
	}
	return in
}

func closeAll(b *testing.B, all ...interface{ Close() error }) {
	for _, c := range all {
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
