package build_test

import (
	"bytes"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"edgebench/runners"
	"edgebench/runners/frame"
	"edgebench/runners/source"
	"edgebench/workloads/build"
)

// open returns all workloads, the hidden ones too, and a builder over the
// user's cache, which other tests of the suite share.
func open(tb testing.TB) ([]build.Workload, *build.Builder) {
	tb.Helper()
	root := suiteRoot(tb)
	set, err := build.Open(root)
	if err != nil {
		tb.Fatal(err)
	}
	cache, err := source.CacheDir()
	if err != nil {
		tb.Fatal(err)
	}
	list := set.List()
	for _, name := range []string{"known", "probe"} {
		hidden, err := set.Find(name)
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, hidden)
	}
	return list, build.NewBuilder(root, cache)
}

func find(tb testing.TB, list []build.Workload, name string) build.Workload {
	tb.Helper()
	i := slices.IndexFunc(list, func(w build.Workload) bool { return w.Name == name })
	if i < 0 {
		tb.Fatalf("there is no workload %s", name)
	}
	return list[i]
}

func suiteRoot(tb testing.TB) string {
	tb.Helper()
	root, err := source.Root()
	if err != nil {
		tb.Fatal(err)
	}
	return root
}

// mustBuild skips in plain sight what this machine can't build.
func mustBuild(tb testing.TB, b *build.Builder, w build.Workload, language string, kind runners.Kind) build.Built {
	tb.Helper()
	built, err := b.Build(tb.Context(), w, language, kind)
	if errors.Is(err, runners.ErrUnavailable) {
		tb.Skip(err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return built
}

// languagesAs are those that give a kind of artefact.
func languagesAs(w build.Workload, kind runners.Kind) []string {
	return slices.DeleteFunc(slices.Clone(w.Languages), func(language string) bool { return !build.Comes(language, kind) })
}

// each runs a test for every workload in every language.
func each(t *testing.T, kind runners.Kind, test func(*testing.T, build.Workload, build.Built)) {
	list, builder := open(t)
	for _, w := range list {
		for _, language := range languagesAs(w, kind) {
			t.Run(w.Name+"/"+language, func(t *testing.T) {
				test(t, w, mustBuild(t, builder, w, language, kind))
			})
		}
	}
}

// caller is what frame.Conn and the module have in common.
type caller interface {
	Call(dst, request []byte) ([]byte, error)
}

// answersAll asks every exchange in order, between two pings.
func answersAll(t *testing.T, w build.Workload, c caller) {
	t.Helper()
	if pong, err := c.Call(nil, nil); err != nil || len(pong) > 0 {
		t.Fatalf("ping: %q, %v", pong, err)
	}
	for _, x := range w.Exchanges {
		got, err := c.Call(nil, x.Request)
		if err != nil {
			t.Fatalf("%s: %v", x.Name, err)
		}
		if !bytes.Equal(got, x.Response) {
			t.Errorf("%s: got %q, want %q", x.Name, got, x.Response)
		}
	}
	if pong, err := c.Call(nil, nil); err != nil || len(pong) > 0 {
		t.Fatalf("ping: %q, %v", pong, err)
	}
}

// process is a native workload that serves.
type process struct {
	*frame.Conn
	cmd   *exec.Cmd
	close func() error
}

// startPiped starts an executable that serves on stdin and stdout. It does not
// outlive the test.
func startPiped(tb testing.TB, path string) *process {
	tb.Helper()
	return startIn(tb, "", path)
}

// startIn is startPiped with a working directory.
func startIn(tb testing.TB, dir, path string) *process {
	tb.Helper()
	cmd := exec.Command(path) // not of the test's context, which ends before its clean-up
	cmd.Dir, cmd.Stderr = dir, tb.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { // both fail if it has ended by then
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return &process{frame.NewConn(out, in), cmd, in.Close}
}

// end closes the input, on which a workload leaves with exit code 0.
func (p *process) end(tb testing.TB) {
	tb.Helper()
	if err := p.close(); err != nil {
		tb.Error(err)
	}
	if err := p.cmd.Wait(); err != nil {
		tb.Errorf("at the end of its input: %v", err)
	}
}

func TestExchangesOverPipes(t *testing.T) {
	each(t, runners.Native, func(t *testing.T, w build.Workload, b build.Built) {
		p := startIn(t, b.Files, b.Path)
		answersAll(t, w, p)
		p.end(t)
	})
}

func TestExchangesOverSocket(t *testing.T) {
	each(t, runners.Native, func(t *testing.T, w build.Workload, b build.Built) {
		dir, err := os.MkdirTemp("", "wl") // short enough for a socket
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		path := filepath.Join(dir, "s")
		listener, err := net.Listen("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		cmd := exec.CommandContext(t.Context(), b.Path, path)
		cmd.Dir, cmd.Stderr = b.Files, t.Output()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		listener.(*net.UnixListener).SetDeadline(time.Now().Add(20 * time.Second))
		conn, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		p := &process{frame.NewConn(conn, conn), cmd, conn.Close}
		answersAll(t, w, p)
		p.end(t)
	})
}
