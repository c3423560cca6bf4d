package runnertest

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"edgebench/runners"
)

// responses asks every workload in every language for every response, on the
// way that deploy takes.
func responses(t *testing.T, s *suite) {
	for _, w := range s.guests.set.List() {
		for _, language := range w.Languages {
			if testing.Short() && language != "c" {
				continue
			}
			t.Run(w.Name+"-"+language, func(t *testing.T) {
				a := s.guests.artefactFor(t, w.Name, language, s.entry)
				in := instantiate(t, load(t, s.boot(t, 0), a))
				for _, x := range w.Exchanges {
					want(t, in, string(x.Request), string(x.Response))
				}
			})
		}
	}
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
