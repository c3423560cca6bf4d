package interfaces_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"edgebench/runners"
	"edgebench/runners/interfaces"
)

func TestParseEndpoint(t *testing.T) {
	for in, want := range map[runners.Interface]interfaces.Endpoint{
		"http:8080":         {Port: 8080, Path: "/"},
		"http:1/":           {Port: 1, Path: "/"},
		"http:65535/a/b?c=": {Port: 65535, Path: "/a/b?c="},
		"http:[::1]:80/x":   {Host: "::1", Port: 80, Path: "/x"},
		"http:127.0.0.1:80": {Host: "127.0.0.1", Port: 80, Path: "/"},
	} {
		if got, err := interfaces.ParseEndpoint(in); err != nil || got != want {
			t.Errorf("%s gives %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []runners.Interface{"", "http", "http:", "http:0", "http:65536", "http:-1", "http:80 ", "http:80/a b", "http:80/\r\nX: y", "stdio", "http:80/%zz", "http:10.0.0.1:80", "http:[::1]"} {
		if got, err := interfaces.ParseEndpoint(in); err == nil {
			t.Errorf("%q gives %v", in, got)
		}
	}
}

// to gives a client of a listener's address.
func to(t *testing.T, l net.Listener, alive func() error) *interfaces.Client {
	c := interfaces.NewClient(interfaces.Server{
		Endpoint: interfaces.Endpoint{Port: uint16(l.Addr().(*net.TCPAddr).Port), Path: "/work"},
		Dial:     func(context.Context) (net.Conn, error) { return net.Dial("tcp", l.Addr().String()) },
		Alive:    alive,
	})
	t.Cleanup(func() { c.Close() })
	return c
}

// leavesNothing waits until no goroutine of the test is left.
func leavesNothing(t *testing.T) {
	for until := time.Now().Add(time.Minute); ; {
		err := goleak.Find()
		if err == nil {
			return
		}
		if time.Now().After(until) {
			t.Fatal(err)
		}
	}
}

func TestClient(t *testing.T) {
	defer leavesNothing(t)
	var conns atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Method != http.MethodPost || r.URL.Path != "/work" {
			w.WriteHeader(http.StatusTeapot)
		}
		switch string(body) {
		case "teapot":
			http.Error(w, "I am\na teapot", http.StatusTeapot)
		case "bye":
			w.Header().Set("Connection", "close")
		case "endless":
			for page := make([]byte, 1<<16); ; {
				if _, err := w.Write(page); err != nil {
					return
				}
			}
		case "die":
			panic(http.ErrAbortHandler)
		}
		w.Write(body)
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	c := to(t, server.Listener, nil)
	defer c.Close()
	ask := func(request, want string, opened int32) {
		t.Helper()
		got, err := c.Call(t.Context(), []byte("kept "), []byte(request))
		if err != nil || string(got) != "kept "+want {
			t.Errorf("Call(%.20q) = %.40q (%d bytes), %v", request, got, len(got), err)
		}
		if n := conns.Load(); n != opened {
			t.Errorf("%d connections, want %d", n, opened)
		}
	}
	refused := func(request string, kind error, says string) {
		t.Helper()
		_, err := c.Call(t.Context(), nil, []byte(request))
		if !errors.Is(err, kind) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("Call(%q): %v; want %v that says %q", request, err, kind, says)
		}
	}
	big := strings.Repeat("0123456789abcdef", 1<<16)
	ask("", "", 1)
	ask("hello", "hello", 1)
	ask(big, big, 1)
	ask("bye", "bye", 1)
	ask("again", "again", 2)
	refused("teapot", runners.ErrWrongResponse, "418 I'm a teapot: I am")
	refused("endless", runners.ErrTooLarge, "longer")
	refused("die", runners.ErrTrap, "does not answer")
	ask("still here", "still here", 5)
	server.CloseClientConnections() // as a server does with an idle connection
	ask("and again", "and again", 6)
}

// lateConn returns from a write when it has been done for longer than a server is
// waited for, as on a busy machine.
type lateConn struct{ net.Conn }

func (c lateConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	time.Sleep(200 * time.Millisecond)
	return n, err
}

// TestConnectionsKept sends requests that are long enough to be written beside
// the reader. A connection is kept if the server has read all of its request, and
// no other is.
func TestConnectionsKept(t *testing.T) {
	for name, c := range map[string]struct{ readsAll, kept bool }{"all of it": {true, true}, "its beginning": {false, false}} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			over := make(chan struct{})
			defer close(over)
			go greet(l, c.readsAll, over)
			conns := 0
			client := interfaces.NewClient(interfaces.Server{
				Endpoint: interfaces.Endpoint{Port: 80, Path: "/"},
				Dial: func(context.Context) (net.Conn, error) {
					conns++
					conn, err := net.Dial("tcp", l.Addr().String())
					return lateConn{conn}, err
				},
			})
			defer client.Close()
			for range 2 {
				if got, err := client.Call(t.Context(), nil, make([]byte, 16<<20)); err != nil || string(got) != "hi" {
					t.Fatalf("%q, %v", got, err)
				}
			}
			if (conns == 1) != c.kept {
				t.Errorf("%d connections for 2 requests", conns)
			}
		})
	}
}

// greet answers each request on each connection when it has been read, or at
// once, and then reads nothing more.
func greet(l net.Listener, readsAll bool, over <-chan struct{}) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		conn.(*net.TCPConn).SetReadBuffer(64 << 10) // so that no request fits into it
		go func() {
			defer conn.Close()
			for r := bufio.NewReader(conn); ; {
				request, err := http.ReadRequest(r)
				if err != nil {
					return
				}
				if readsAll {
					io.Copy(io.Discard, request.Body)
				}
				fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
				if !readsAll {
					<-over
					return
				}
			}
		}()
	}
}

// TestConnect has a server that listens late, and accepts in vain before it
// answers, as a proxy does.
func TestConnect(t *testing.T) {
	defer leavesNothing(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	attempts := 0
	c := interfaces.NewClient(interfaces.Server{
		Endpoint: interfaces.Endpoint{Port: 80, Path: "/"},
		Dial: func(context.Context) (net.Conn, error) {
			if attempts++; attempts < 5 {
				return nil, errors.New("refused")
			}
			return net.Dial("tcp", l.Addr().String())
		},
	})
	served := make(chan error)
	go func() {
		for range 3 { // in vain
			conn, err := l.Accept()
			if err != nil {
				served <- err
				return
			}
			conn.Close()
		}
		conn, err := l.Accept()
		l.Close()
		if err == nil {
			conn.Read(make([]byte, 1000))
			_, err = fmt.Fprint(conn, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\nhello")
			conn.Close()
		}
		served <- err
	}()
	if err := c.Connect(t.Context()); err != nil || attempts != 5 {
		t.Fatalf("%d attempts, %v", attempts, err)
	}
	got, err := c.Call(t.Context(), nil, []byte("x"))
	if err := errors.Join(err, <-served); err != nil || string(got) != "hello" {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestConnectGivesUp asks for a server that never comes.
func TestConnectGivesUp(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	ended := errors.New("it has ended")
	if err := to(t, l, func() error { return ended }).Connect(t.Context()); !errors.Is(err, ended) {
		t.Errorf("the server's program has ended: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := to(t, l, nil).Call(ctx, nil, nil); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "refused") {
		t.Errorf("nobody listens: %v", err)
	}
}

func TestFree(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e := interfaces.Endpoint{Port: uint16(l.Addr().(*net.TCPAddr).Port)}
	if err := e.Free(); !errors.Is(err, runners.ErrUnavailable) {
		t.Errorf("a port that is taken: %v; want ErrUnavailable", err)
	}
	l.Close()
	if err := e.Free(); err != nil {
		t.Error(err)
	}
}

// FuzzParseEndpoint checks that what is accepted is what was written, and can
// stand in the first line of a request.
func FuzzParseEndpoint(f *testing.F) {
	for _, s := range []string{"http:80", "http:8080/a?b=c", "http:0", "http:80/ x", "stdio"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := interfaces.ParseEndpoint(runners.Interface(s))
		if err != nil {
			return
		}
		again, err := interfaces.ParseEndpoint(runners.Interface(fmt.Sprintf("http:%d%s", e.Port, e.Path)))
		if err != nil || again != e {
			t.Fatalf("%q gives %v, and that %v, %v", s, e, again, err)
		}
		if strings.ContainsAny(e.Path, " \t\r\n") || !strings.HasPrefix(e.Path, "/") {
			t.Fatalf("%q gives the path %q", s, e.Path)
		}
	})
}

// A server that speaks another protocol is named, and so is one that keeps silent.
func TestOtherProtocols(t *testing.T) {
	for answer, says := range map[string]string{
		"\x15\x03\x01\x00\x02\x02\x46":         "HTTPS",
		"\x00\x00\x00\x04\x00\x00\x00\x00\x00": "gRPC",
		"HTTP/1.1 400 Bad Request\r\nContent-Length: 48\r\n\r\nClient sent an HTTP request to an HTTPS server.\n": "HTTPS",
		"": "connected, sent 5 bytes for /work, no answer",
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		served := make(chan struct{})
		go func() {
			defer close(served)
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			io.WriteString(conn, answer)
			io.Copy(io.Discard, conn)
		}()
		within := time.Minute
		if answer == "" {
			within = time.Second
		}
		ctx, cancel := context.WithTimeout(t.Context(), within)
		_, err = to(t, l, nil).Call(ctx, nil, []byte("hello"))
		cancel()
		l.Close()
		<-served
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v; want an error that says %q", answer, err, says)
		}
	}
}
