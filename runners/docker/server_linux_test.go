package docker

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"edgebench/runners"
)

// eachNetwork runs a test in the modes of the default runtime.
func eachNetwork(t *testing.T, test func(t *testing.T, s *system)) {
	r, mode := needEngine(t)
	for _, network := range networks {
		t.Run(network, func(t *testing.T) {
			test(t, boot(t, r, runners.Options{Mode: strings.TrimSuffix(mode, "host") + network}))
		})
	}
}

// TestServer checks images that are HTTP servers, which need a network.
func TestServer(t *testing.T) {
	const port = "18477"
	iface := runners.Interface("http:" + port)
	path := imageOf(t, v1.Config{Cmd: []string{"/workload", "http", port}})
	eachNetwork(t, func(t *testing.T, s *system) {
		a := runners.Artefact{Kind: runners.Image, Path: path, Interface: iface}
		if s.way.network == "none" {
			_, err := s.Prepare(t.Context(), a, shortDir(t), nil)
			wantOneLine(t, err, "has no network", "-bridge", "-host")
			if !errors.Is(err, runners.ErrUnavailable) {
				t.Errorf("%v; want ErrUnavailable", err)
			}
			return
		}
		l := loadArtefact(t, s, a)
		trace := runners.NewTrace()
		trace.Begin()
		in, err := l.Instantiate(t.Context(), trace)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		want := []string{runners.PhaseCreate, runners.PhaseStart, runners.PhaseConnect}
		if s.way.network == "host" {
			want = slices.Delete(want, 1, 2)
		}
		if got := phases(trace); !slices.Equal(got, want) {
			t.Errorf("phases %v, want %v", got, want)
		}
		big := strings.Repeat("y", 3<<20)
		for range 2 {
			wantAnswer(t, in, "hello", "HELLO")
			wantAnswer(t, in, big, strings.ToUpper(big))
		}
		_, err = in.Call(t.Context(), nil, []byte("fail this"))
		wantOneLine(t, err, "500", "no luck with this")
		wantAnswer(t, in, "hello", "HELLO")
		second(t, l)
		_, err = in.Call(t.Context(), nil, []byte("exit"))
		wantOneLine(t, err, "exit code 4")
		if _, again := in.Call(t.Context(), nil, []byte("hello")); !errors.Is(err, runners.ErrTrap) || !errors.Is(again, runners.ErrClosed) {
			t.Errorf("%v and then %v; want ErrTrap and ErrClosed", err, again)
		}
		in.Close()
		parkServer(t, l)
		withPath(t, s, path)
	})
}

// second starts another instance: on a network of its own it may have the same
// port.
func second(t *testing.T, l *loaded) {
	in, err := l.Instantiate(t.Context(), nil)
	if l.onHost() {
		wantOneLine(t, err, "is another instance's", "bridge")
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	wantAnswer(t, in, "hello", "HELLO")
}

func parkServer(t *testing.T, l *loaded) {
	p, err := l.Park(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	in, err := p.Resume(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	wantAnswer(t, in, "hello", "HELLO")
	wantAnswer(t, in, "again", "AGAIN")
}

func withPath(t *testing.T, s *system, path string) {
	a := runners.Artefact{Kind: runners.Image, Path: path, Interface: "http:18477/say%20"}
	wantAnswer(t, instantiate(t, loadArtefact(t, s, a)), "hello", "SAY HELLO")
}

// TestServerDoesNotListen is of a server that ends, and of one that does not
// listen at its port.
func TestServerDoesNotListen(t *testing.T) {
	ends := imageOf(t, v1.Config{Entrypoint: []string{"/workload", "nonsense"}})
	elsewhere := imageOf(t, v1.Config{Entrypoint: []string{"/workload", "http", "18480"}})
	eachNetwork(t, func(t *testing.T, s *system) {
		if s.way.network == "none" {
			t.Skip("a server is refused without a network")
		}
		_, err := loadArtefact(t, s, runners.Artefact{Kind: runners.Image, Path: ends, Interface: "http:18478"}).Instantiate(t.Context(), nil)
		wantOneLine(t, err, "exit code 3", "nonsense")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		onceStarted(t, s, func() {
			time.Sleep(time.Second) // in which it is tried to connect
			cancel()
		})
		_, err = loadArtefact(t, s, runners.Artefact{Kind: runners.Image, Path: elsewhere, Interface: "http:18479"}).Instantiate(ctx, nil)
		wantOneLine(t, err, "connect to the server at port 18479")
	})
}
