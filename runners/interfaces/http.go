package interfaces

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// Client is an HTTP/1.1 client of one server over one connection, which it keeps
// as long as the server does. It is used by one goroutine at a time.
type Client struct {
	server Server
	fields []byte // of each request, from the version up to the length of its body
	out    []byte
	conn   net.Conn
	r      *bufio.Reader
	// answered says that the server has answered once, fresh that this
	// connection has not carried a request.
	answered, fresh bool
}

// Server says how a client reaches its server.
type Server struct {
	Endpoint
	// Dial makes a connection.
	Dial func(ctx context.Context) (net.Conn, error)
	// Alive is called between attempts to connect. It returns the reason why
	// there will be no server, or nil. The function itself may be nil.
	Alive func() error
	// Refused makes an error of an answer whose status is not 200, from the first part
	// of its body. If it is nil, such an answer is an ErrWrongResponse.
	Refused func(status int, body []byte) error
}

// NewClient returns a client that has no connection yet.
func NewClient(s Server) *Client {
	fields := " HTTP/1.1\r\nHost: " + s.Address("localhost") +
		"\r\nUser-Agent: edgebench\r\nAccept: */*\r\nContent-Type: application/octet-stream\r\nContent-Length: "
	return &Client{server: s, fields: []byte(fields)}
}

// patience bounds the time until a server listens, and then the time until its
// first answer without a closed connection. A context may end sooner.
const patience = 30 * time.Second

// between is the pause between two attempts to connect.
const between = 100 * time.Microsecond

// Connect tries until the server accepts a connection. It does nothing if there
// is a connection already.
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

// Call posts a request to the server's path. See Send.
func (c *Client) Call(ctx context.Context, dst, request []byte) ([]byte, error) {
	return c.Send(ctx, http.MethodPost, c.server.Path, dst, request)
}

// Send sends a request and appends the body of the answer, whose status must be
// 200; another status is an ErrWrongResponse that names it, or what Refused makes of
// it. A server that ends is an ErrTrap. The path begins with "/".
//
// Send replaces a connection that ends before the first byte of the answer. It
// does so once if the server has answered before, since a server may close an
// idle connection. Before the first answer it does so for as long as Connect
// tries: a proxy may accept connections while its server does not listen yet.
func (c *Client) Send(ctx context.Context, method, path string, dst, request []byte) ([]byte, error) {
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	until := runners.Now() + patience
	for {
		if err := c.connect(ctx, until); err != nil {
			return dst, err
		}
		response, err := c.try(ctx, method, path, dst, request)
		silent, again := errors.AsType[*silence](err)
		switch {
		case err == nil:
			c.answered = true
			return response, nil
		case !again || ctx.Err() != nil || c.answered && silent.fresh:
			return dst, fmt.Errorf("send a request of %d bytes: %w", len(request), err)
		}
		if c.answered {
			continue
		}
		if err := c.wait(ctx, until, err); err != nil {
			return dst, fmt.Errorf("send a request of %d bytes: %w", len(request), err)
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

// try makes one attempt on the current connection, which it closes unless the
// answer is complete.
func (c *Client) try(ctx context.Context, method, path string, dst, request []byte) (_ []byte, err error) {
	fresh := c.fresh
	c.fresh = false
	deadline, _ := ctx.Deadline()
	c.conn.SetDeadline(deadline)
	written := c.write(method, path, request)
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
		return dst, c.refusal(answer)
	}
	dst, err = appendAll(dst, answer.Body)
	if err != nil && !errors.Is(err, runners.ErrTooLarge) {
		err = fmt.Errorf("read the answer's body: %w: %w", runners.ErrTrap, err)
	}
	keep = err == nil && !answer.Close && c.finished(written)
	return dst, err
}

// refusal is the error of an answer with another status than 200.
func (c *Client) refusal(answer *http.Response) error {
	var words [mostKept]byte
	if c.server.Refused != nil {
		n, _ := io.ReadFull(answer.Body, words[:]) // what there is of a shorter one
		return c.server.Refused(answer.StatusCode, words[:n])
	}
	n, _ := answer.Body.Read(words[:])
	return fmt.Errorf("%w: %s", runners.ErrWrongResponse, WithOutput("the server answers "+answer.Status, FirstLine(words[:n])))
}

// beside is the length in bytes from which a request is written concurrently
// with reading. A server that answers while it reads would otherwise fill both
// directions.
const beside = 64 << 10

// write writes a request. A server may answer and close the connection before it
// has read everything. Its answer is used then; without an answer, reading fails
// too.
func (c *Client) write(method, path string, request []byte) (written <-chan error) {
	c.out = append(append(append(append(c.out[:0], method...), ' '), path...), c.fields...)
	c.out = strconv.AppendInt(c.out, int64(len(request)), 10)
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

// finished says, after the answer has been read, whether all of the request has
// been written: a server that answers early may not read the rest. The write
// itself reports it, after an interruption if it takes too long. The interruption
// has no effect if everything is written already.
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

// header reads an answer up to its body. It skips informational answers (1xx).
func (c *Client) header() (*http.Response, error) {
	for {
		answer, err := http.ReadResponse(c.r, &http.Request{Method: http.MethodPost})
		if err != nil || answer.StatusCode >= http.StatusOK || answer.StatusCode == http.StatusSwitchingProtocols {
			return answer, err
		}
	}
}

// Close resets the connection, so that no state of it blocks the port for the
// next server. It may be called twice.
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
