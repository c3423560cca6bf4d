package runnertest

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"edgebench/runners"
	"edgebench/workloads/build"
)

// responses asks every build of every workload that the runner takes for every
// response, on the way that deploy takes, several builds at a time: compiling
// and starting containers take long. With -short it asks one build of each
// language, and in a mode that is like another one, those that cover all workloads
// and languages.
func responses(t *testing.T, s *suite) {
	var answered, requests atomic.Int64
	builds := s.builds()
	t.Cleanup(func() {
		t.Logf("%s/%s: %d of %d builds gave the right response to each of their requests, %d in all",
			s.entry.Name, s.mode.Name, answered.Load(), len(builds), requests.Load())
	})
	for _, b := range builds {
		t.Run(b.workload.Name+"-"+b.language, func(t *testing.T) {
			if testing.Short() && !b.short {
				t.Skip("one build of each language is asked with -short")
			}
			if s.like.Mode != "" && !b.covers {
				t.Skipf("it is asked in %s, whose binaries or compiler %s shares", s.like.Mode, s.mode.Name)
			}
			if s.like.Slow && !b.workload.Commits(b.language) {
				t.Skipf("it may be large, which %s compiles for minutes: it is asked in %s", s.mode.Name, s.like.Mode)
			}
			if s.like.Setting && b.kind == runners.Image {
				t.Skipf("images of a hundred megabytes and more are asked in %s, which is like %s", s.like.Mode, s.mode.Name)
			}
			t.Parallel()
			s.asked(t, b)
			answered.Add(1)
			requests.Add(int64(len(b.workload.Exchanges)))
		})
	}
}

// asked sends all requests of a workload to one instance of a build. A module
// that is a variant of its language (c+simd) may need what the mode has not and
// is skipped with the reason; each mode takes the plain ones.
func (s *suite) asked(t *testing.T, b suited) {
	cell := fmt.Sprintf("%s/%s, %s in %s (%s)", s.entry.Name, s.mode.Name, b.workload.Name, b.language, b.kind)
	a := s.guests.artefact(t, b.workload.Name, b.language, b.kind)
	rt := s.boot(t, 0)
	p, err := rt.Prepare(t.Context(), a, scratch(t), nil)
	may := b.kind != runners.Component && (b.kind != runners.Wasm || strings.Contains(b.language, "+"))
	if may && isUnavailable(err) {
		t.Skipf("%s: %v", cell, err)
	}
	if err != nil {
		t.Fatalf("%s: Prepare: %v", cell, err)
	}
	removeAfter(t, rt, p)
	l, err := rt.Load(t.Context(), p, nil)
	if may && isUnavailable(err) {
		t.Skipf("%s: %v", cell, err) // one that compiles here finds out here
	}
	if err != nil {
		t.Fatalf("%s: Load: %v", cell, err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("%s: Close of what was loaded: %v", cell, err)
		}
	})
	in := instantiate(t, l)
	for _, x := range b.workload.Exchanges {
		got, err := in.Call(t.Context(), nil, x.Request)
		if err != nil {
			t.Fatalf("%s, request %s: %v", cell, x.Name, err)
		}
		if !bytes.Equal(got, x.Response) {
			t.Fatalf("%s, request %s: %.60q (%d bytes), want %.60q (%d bytes)", cell, x.Name, got, len(got), x.Response, len(x.Response))
		}
	}
}

// suited is a build that a runner takes.
type suited struct {
	workload build.Workload
	language string
	kind     runners.Kind
	// short marks the first workload of each language, as far as its modules
	// are in the repository: what is quick and still has a bit of everything.
	short bool
	// covers marks the first build of each workload and of each language, but of
	// images, which have a hundred megabytes and more, the first alone.
	covers bool
}

// builds lists those that the runner takes.
func (s *suite) builds() []suited {
	var list []suited
	seen, covered := map[string]bool{}, map[string]bool{}
	for _, w := range s.guests.set.List() {
		for _, language := range w.Languages {
			kind, ok := w.KindFor(language, s.entry.Takes)
			if !ok {
				continue
			}
			first := w.Commits(language) && !seen[language]
			seen[language] = seen[language] || first
			kindOrLanguage := language
			if kind == runners.Image {
				kindOrLanguage = string(kind)
			}
			covers := len(list) == 0 || list[len(list)-1].workload.Name != w.Name || !covered[kindOrLanguage]
			covered[kindOrLanguage] = true
			list = append(list, suited{w, language, kind, first, covers})
		}
	}
	return list
}

// manyRequests checks that one instance goes on answering, with messages that
// grow and shrink.
func manyRequests(t *testing.T, s *suite) {
	in := s.instance(t)
	for i := range 500 {
		payload := strings.Repeat(string(rune('a'+i%26)), i*37%5000)
		want(t, in, "E"+payload, payload)
	}
	want(t, in, "C", "1")
	big := strings.Repeat("0123456789abcdef", 1<<16) // 1 MiB
	want(t, in, "E"+big, big)
	want(t, in, "R300", pattern(300))
	want(t, in, "C", "2")
}

func pattern(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i % 251)
	}
	return string(b)
}

// manyInstances keeps a number of them alive together, each with its state.
func manyInstances(t *testing.T, s *suite) {
	l := load(t, s.boot(t, 0), s.probe(t))
	n := s.few(8, 64)
	live := make([]runners.Instance, n)
	for i := range live {
		live[i] = instantiate(t, l)
		for range i % 3 {
			call(t, live[i], "C")
		}
	}
	for i, in := range live {
		want(t, in, "C", strconv.Itoa(i%3+1))
	}
}

// few is how often to do a thing: containers are slow to make.
func (s *suite) few(native, wasm int) int {
	if !s.entry.TakesWasm() {
		return native
	}
	return wasm
}

// isolation checks that two instances of one Loaded share no memory, also when
// the second takes the place of a closed one.
func isolation(t *testing.T, s *suite) {
	l := load(t, s.boot(t, 0), s.probe(t))
	a, b := instantiate(t, l), instantiate(t, l)
	want(t, a, "C", "1")
	want(t, a, "C", "2")
	want(t, b, "C", "1")
	want(t, a, "C", "3")
	call(t, a, "M100000")
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	want(t, instantiate(t, l), "C", "1")
	want(t, b, "C", "2")
}

// goroutines uses several instances at the same time, and each of them from
// different goroutines one after the other.
func goroutines(t *testing.T, s *suite) {
	l := load(t, s.boot(t, 0), s.probe(t))
	errs := make(chan error, 4)
	var wg sync.WaitGroup
	for i := range cap(errs) {
		in := instantiate(t, l)
		wg.Go(func() { errs <- chain(t, in, strconv.Itoa(i)) })
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
}

// chain makes each call in a new goroutine.
func chain(t *testing.T, in runners.Instance, payload string) error {
	for range 50 {
		done := make(chan error)
		go func() {
			response, err := in.Call(t.Context(), nil, []byte("E"+payload))
			if err == nil && string(response) != payload {
				err = fmt.Errorf("got %.20q, want %q", response, payload)
			}
			done <- err
		}()
		if err := <-done; err != nil {
			return err
		}
	}
	return nil
}

// pooled takes the way of the pooled rung for a mode that parks.
func pooled(t *testing.T, s *suite) {
	l := load(t, s.boot(t, 0), s.probe(t))
	parker, ok := l.(runners.Parker)
	if ok != s.mode.Parks {
		t.Fatalf("Check says Parks: %v, Load gives a Parker: %v", s.mode.Parks, ok)
	}
	if !ok {
		want(t, instantiate(t, l), "C", "1")
		want(t, instantiate(t, l), "C", "1")
		return
	}
	for range 2 {
		p := park(t, parker)
		in, err := p.Resume(t.Context(), nil)
		if err != nil {
			t.Fatalf("Resume: %v", err)
		}
		want(t, in, "C", "1")
		want(t, in, "C", "2")
		if err := p.Close(); err != nil {
			t.Errorf("Close after Resume: %v", err)
		}
		want(t, in, "C", "3")
		if err := in.Close(); err != nil {
			t.Errorf("Close of a resumed instance: %v", err)
		}
	}
	unused := park(t, parker)
	for range 2 {
		if err := unused.Close(); err != nil {
			t.Errorf("Close of a parked instance: %v", err)
		}
	}
}

func park(t *testing.T, p runners.Parker) runners.Parked {
	parked, err := p.Park(t.Context())
	if err != nil {
		t.Fatalf("Park: %v", err)
	}
	t.Cleanup(func() { parked.Close() })
	return parked
}
