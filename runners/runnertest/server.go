package runnertest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"edgebench/runners"
)

// server sends requests to an HTTP server.
func server(t *testing.T, s *suite) {
	l := s.loadServer(t, "/work", runners.Use{})
	in := instantiate(t, l)
	want(t, in, "Ehello", "hello")
	for i := range 50 {
		want(t, in, "C", strconv.Itoa(i+1))
	}
	fails(t, in, "S404", runners.ErrWrongResponse)
	fails(t, in, "W", runners.ErrTooLarge)
	want(t, in, "C", "51")
	fails(t, in, "X3", runners.ErrTrap)
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	want(t, instantiate(t, l), "C", "1")
}

// serverUse asks with another method, a field of the header and another status.
func serverUse(t *testing.T, s *suite) {
	u := runners.HTTPUse{Method: "GET", Header: []runners.Field{{Name: "Word", Value: "good day"}}, Status: 202}
	in := instantiate(t, s.loadServer(t, "/word", runners.Use{HTTP: u}))
	want(t, in, "", "good day0")
	want(t, in, "a body that a GET does not have", "good day0")
}

// loadServer brings the server into memory, with the port at which it listens.
func (s *suite) loadServer(t *testing.T, path string, u runners.Use) runners.Loaded {
	files, port := scratch(t), freePort(t)
	a := s.stranger(t, "command", runners.Stdio, "") // for a module, which has no network, any will do
	iface := runners.Interface(fmt.Sprintf("%s:%d%s", runners.HTTP, port, path))
	if !s.entry.TakesWasm() {
		a = s.stranger(t, "server", iface, files)
	}
	a.Interface, a.Use = iface, u
	if err := os.WriteFile(filepath.Join(files, "port"), []byte(strconv.Itoa(port)), 0o644); err != nil {
		t.Fatal(err)
	}
	return s.loadOrSkip(t, a)
}

// serverThatFails never listens.
func serverThatFails(t *testing.T, s *suite) {
	if s.entry.TakesWasm() {
		t.Skip("its artefacts are no servers")
	}
	files := scratch(t) // without the port
	a := s.stranger(t, "server", runners.Interface(fmt.Sprintf("%s:%d", runners.HTTP, freePort(t))), files)
	l := s.loadOrSkip(t, a)
	in, err := l.Instantiate(t.Context(), nil)
	if err == nil {
		_, err = in.Call(t.Context(), nil, []byte("C"))
		in.Close()
	}
	if !errors.Is(err, runners.ErrTrap) {
		t.Fatalf("a server that exits at once: %v; want ErrTrap", err)
	}
	oneLine(t, err)
}

// Ports for servers lie below those that systems give to clients, so that no client
// takes one between its choice and the server's start.
const (
	firstPort = 20000
	ports     = 10000
)

// tried counts the ports that this process has tried, since no two servers of it
// have the same.
var tried atomic.Int64

// freePort gives a port of this machine at which nobody listens. Suites that run at
// the same time begin at different ports.
func freePort(t *testing.T) int {
	for range ports {
		port := firstPort + (os.Getpid()*100+int(tried.Add(1)))%ports
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return port
	}
	t.Fatal("no port is free")
	return 0
}
