package process_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/process"
)

// server prepares the conformance suite's server for a port that is free.
func server(t *testing.T) (l runners.Loaded, port int) {
	path, files := filepath.Join(t.TempDir(), "server"), t.TempDir()
	build := exec.Command("go", "build", "-o", path, "../runnertest/testdata/server/main.go")
	if out, err := build.CombinedOutput(); errors.Is(err, exec.ErrNotFound) {
		t.Skip("the command go is missing, which builds the server: put it into PATH")
	} else if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	free, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port = free.Addr().(*net.TCPAddr).Port
	free.Close()
	if err := os.WriteFile(filepath.Join(files, "port"), fmt.Append(nil, port), 0o600); err != nil {
		t.Fatal(err)
	}
	rt, err := process.New().Boot(t.Context(), runners.Options{Mode: "plain", Scratch: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	a := runners.Artefact{Kind: runners.Native, Path: path, Files: files, Interface: runners.Interface(fmt.Sprintf("http:%d/work", port))}
	p, err := rt.Prepare(t.Context(), a, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if l, err = rt.Load(t.Context(), p, nil); err != nil {
		t.Fatal(err)
	}
	return l, port
}

// TestPort checks that nobody else is taken for the server, least of all
// another instance.
func TestPort(t *testing.T) {
	l, port := server(t)
	refused := func(whose string) {
		in, err := l.Instantiate(t.Context(), nil)
		if err == nil {
			in.Close()
		}
		if !errors.Is(err, runners.ErrUnavailable) || !strings.Contains(err.Error(), fmt.Sprintf("port %d is not free", port)) {
			t.Errorf("with %s at the port: %v; want ErrUnavailable that names it", whose, err)
		}
	}
	other, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		t.Fatal(err)
	}
	refused("someone")
	other.Close()
	for range 3 {
		in, err := l.Instantiate(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		refused("another instance")
		if got, err := in.Call(t.Context(), nil, []byte("Estill here")); err != nil || string(got) != "still here" {
			t.Errorf("got %q, %v", got, err)
		}
		in.Close()
	}
}

// TestParkServer holds a server that listens.
func TestParkServer(t *testing.T) {
	l, _ := server(t)
	parker, ok := l.(runners.Parker)
	if !ok {
		t.Skip("a process cannot be stopped on this system")
	}
	for range 2 {
		parked, err := parker.Park(t.Context())
		if errors.Is(err, errors.ErrUnsupported) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		in, err := parked.Resume(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := in.Call(t.Context(), nil, []byte("C")); err != nil || string(got) != "1" {
			t.Errorf("got %q, %v", got, err)
		}
		in.Close()
		if err := parked.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestInterface checks that a process refuses unsupported interfaces.
func TestInterface(t *testing.T) {
	rt, err := process.New().Boot(t.Context(), runners.Options{Mode: "plain"})
	if err != nil {
		t.Fatal(err)
	}
	for _, iface := range []runners.Interface{"http", "http:0", "gopher:70"} {
		_, err := rt.Prepare(t.Context(), runners.Artefact{Interface: iface}, t.TempDir(), nil)
		if !errors.Is(err, runners.ErrUnavailable) {
			t.Errorf("%q: %v; want ErrUnavailable", iface, err)
		}
	}
}
