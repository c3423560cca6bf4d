package interfaces

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// Client speaks HTTP/1.1 with one server over one connection, which it keeps
// as long as the server does. It is used by one goroutine at a time.
type Client struct {
	server Server
	head   []byte // of each request, up to the length of its body
	out    []byte
	conn   net.Conn
	r      *bufio.Reader
	// answered says that the server has answered once, fresh that this
	// connection has not carried a request.
	answered, fresh bool
}

// Server is how a client finds its server.
type Server struct {
	Endpoint
	// Dial makes a connection.
	Dial func(ctx context.Context) (net.Conn, error)
	// Alive is asked between attempts to connect: the reason why there will
	// be no server, or nil. It may be nil itself.
	Alive func() error
}

// NewClient returns a client that has no connection yet.
func NewClient(s Server) *Client {
	head := "POST " + s.Path + " HTTP/1.1\r\nHost: " + s.Address("localhost") +
		"\r\nUser-Agent: edgebench\r\nAccept: */*\r\nContent-Type: application/octet-stream\r\nContent-Length: "
	return &Client{server: s, head: []byte(head)}
}

// patience is how long a server may take until it listens and, after that,
// until it answers for the first time without closing the connection, unless
// a context ends sooner.
const patience = 30 * time.Second

// between is the pause between two attempts to connect.
const between = 100 * time.Microsecond

// Connect tries until the server accepts a connection. It does nothing where
// there is one.
func (c *Client) Connect(ctx context.Context) error {
	return c.connect(ctx, runners.Now()+patience)
}

func (c *Client) connect(ctx context.Context, until time.Duration) error {
	for c.conn == nil {
		conn, err := c.server.Dial(ctx)
		if err == nil {
			c.conn, c.r, c.fresh = conn, bufio.NewReader(conn), true
			return nil
		}
		if err := c.wait(ctx, until, err); err != nil {
			return fmt.Errorf("connect to the server at port %d: %w", c.server.Port, err)
		}
	}
	return nil
}

// wait pauses before another attempt, or says why there will be none.
func (c *Client) wait(ctx context.Context, until time.Duration, last error) error {
	if c.server.Alive != nil {
		if err := c.server.Alive(); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ctx.Err(), systemError(last))
	}
	if runners.Now() > until {
		return fmt.Errorf("no answer within %v: %w: %w", patience, runners.ErrTrap, systemError(last))
	}
	pause(between)
	return nil
}

// Call posts a request and appends the body of the answer, whose status must
// be 200; another is an ErrWrongResponse that names it. A server that goes away
// is an ErrTrap.
//
// A connection that ends before a byte of the answer has come is replaced:
// once where the server has answered before, since it may close an idle one;
// and for as long as Connect tries until its first answer, since what accepts
// before that may be a proxy that stands before a server which does not listen
// yet.
func (c *Client) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	until := runners.Now() + patience
	for {
		if err := c.connect(ctx, until); err != nil {
			return dst, err
		}
		response, err := c.try(ctx, dst, request)
		silent, again := errors.AsType[*silence](err)
		switch {
		case err == nil:
			c.answered = true
			return response, nil
		case !again || ctx.Err() != nil || c.answered && silent.fresh:
			return dst, fmt.Errorf("post a request of %d bytes: %w", len(request), err)
		}
		if c.answered {
			continue
		}
		if err := c.wait(ctx, until, err); err != nil {
			return dst, fmt.Errorf("post a request of %d bytes: %w", len(request), err)
		}
	}
}

// silence is a connection that ended before a byte of an answer.
type silence struct {
	fresh bool // it had not carried a request before
	cause error
}

func (s *silence) Error() string {
	return "the server closes the connection and does not answer: " + systemError(s.cause).Error()
}

func (s *silence) Unwrap() []error { return []error{runners.ErrTrap, s.cause} }

// try makes one attempt on the connection that is there, which it closes after
// anything but a good answer.
func (c *Client) try(ctx context.Context, dst, request []byte) (_ []byte, err error) {
	fresh := c.fresh
	c.fresh = false
	deadline, _ := ctx.Deadline()
	c.conn.SetDeadline(deadline)
	written := c.post(request)
	keep := false
	defer func() {
		if !keep {
			c.Close()
		}
		<-written
	}()
	if _, err := c.r.Peek(1); err != nil {
		return dst, &silence{fresh, err}
	}
	answer, err := c.header()
	if err != nil {
		return dst, fmt.Errorf("read the answer: %w: %w", runners.ErrTrap, err)
	}
	// The body is not closed: that would read the rest of one without an end.
	if answer.StatusCode != http.StatusOK {
		var words [mostKept]byte
		n, _ := answer.Body.Read(words[:])
		return dst, fmt.Errorf("%w: %s", runners.ErrWrongResponse, Because("the server answers "+answer.Status, FirstLine(words[:n])))
	}
	dst, err = appendAll(dst, answer.Body)
	if err != nil && !errors.Is(err, runners.ErrTooLarge) {
		err = fmt.Errorf("read the answer's body: %w: %w", runners.ErrTrap, err)
	}
	keep = err == nil && !answer.Close && c.finished(written)
	return dst, err
}

// beside is from which length on a request is written beside the reader, in
// bytes: a server that answers while it reads would else fill both directions.
const beside = 64 << 10

// post writes a request. A server may answer, and close, before it has read
// all: what it says counts, and where it says nothing reading fails too.
func (c *Client) post(request []byte) (written <-chan error) {
	c.out = strconv.AppendInt(append(c.out[:0], c.head...), int64(len(request)), 10)
	c.out = append(append(c.out, "\r\n\r\n"...), request...)
	done, conn, out := make(chan error, 1), c.conn, c.out
	write := func() {
		_, err := conn.Write(out)
		done <- err
		close(done)
	}
	if len(request) < beside {
		write()
	} else {
		go write()
	}
	return done
}

// readRest is how long a server that answers early may take to read the rest of
// the request, if its connection is to be kept.
const readRest = 100 * time.Millisecond

// finished says whether all of a request has been written, when its answer has
// been read: a server that answers early may leave the rest where it is. The
// write says so itself, however late on a busy machine: it is interrupted, which
// changes nothing where all is written already.
func (c *Client) finished(written <-chan error) bool {
	select {
	case err := <-written:
		return err == nil
	default:
	}
	select {
	case err := <-written:
		return err == nil
	case <-time.After(readRest):
	}
	_ = c.conn.SetWriteDeadline(time.Unix(1, 0)) // fails where the connection is gone
	return <-written == nil
}

// header reads an answer up to its body, and passes over those that only
// announce another.
func (c *Client) header() (*http.Response, error) {
	for {
		answer, err := http.ReadResponse(c.r, &http.Request{Method: http.MethodPost})
		if err != nil || answer.StatusCode >= http.StatusOK || answer.StatusCode == http.StatusSwitchingProtocols {
			return answer, err
		}
	}
}

// Close ends the connection without ceremony, so that nothing of it keeps the
// port from the next server. It may be called twice.
func (c *Client) Close() error {
	if c.conn == nil {
		return nil
	}
	if tcp, ok := c.conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	err := c.conn.Close()
	c.conn, c.r = nil, nil
	return err
}
