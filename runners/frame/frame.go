// Package frame defines the interface between a native workload and its runner.
//
// A frame is a length, four bytes little endian, and that many bytes. The
// workload repeatedly reads one frame and writes one frame. It exits with 0 when
// its input ends. A frame of length zero is a ping. Its response is a frame of
// eight bytes: CLOCK_MONOTONIC in nanoseconds (little endian) at the moment at
// which the workload's main was entered, or 0 if the platform has no such clock.
//
// Without arguments the workload serves on stdin and stdout. With one argument
// it connects to the unix socket of that path and serves there; it exits when
// the socket closes, so a harness that dies leaves no workload behind.
package frame

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"

	"edgebench/runners"
	"edgebench/runners/abi"
)

const header = 4

// Conn exchanges frames over a pair of streams. It is used by one goroutine at a
// time and reuses its buffers.
type Conn struct {
	r   *bufio.Reader
	w   io.Writer
	out []byte
	in  [header]byte
}

// NewConn returns a connection that reads from r and writes to w. Its buffers
// begin small, since they are charged to each live instance; a long response
// passes by the reader's.
func NewConn(r io.Reader, w io.Writer) *Conn {
	return &Conn{r: bufio.NewReaderSize(r, 2<<10), w: w, out: make([]byte, header, 512)}
}

// Call sends one request and appends the response to dst. An empty request
// pings and gives an empty response. A stream that ends is an ErrTrap: a
// workload does not leave while it is being asked.
func (c *Conn) Call(dst, request []byte) ([]byte, error) {
	if len(request) == 0 {
		_, err := c.Ping()
		return dst, err
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	return c.roundTrip(dst, request)
}

// Ping asks for a sign of life and returns the workload's CLOCK_MONOTONIC in
// nanoseconds at the entry of its main, 0 if it has none.
func (c *Conn) Ping() (entry uint64, err error) {
	var room [8]byte
	answer, err := c.roundTrip(room[:0], nil)
	if err != nil {
		return 0, err
	}
	if len(answer) != 8 {
		return 0, fmt.Errorf("the ping was answered by %d bytes instead of 8: %w", len(answer), runners.ErrWrongResponse)
	}
	return binary.LittleEndian.Uint64(answer), nil
}

func (c *Conn) roundTrip(dst, request []byte) ([]byte, error) {
	binary.LittleEndian.PutUint32(c.out[:header], uint32(len(request)))
	c.out = append(c.out[:header], request...)
	if _, err := c.w.Write(c.out); err != nil {
		return dst, fmt.Errorf("send a request of %d bytes: %w: %w", len(request), runners.ErrTrap, err)
	}
	if _, err := io.ReadFull(c.r, c.in[:]); err != nil {
		return dst, fmt.Errorf("read the response's length: %w: %w", runners.ErrTrap, err)
	}
	n := binary.LittleEndian.Uint32(c.in[:])
	if n > abi.MaxMessage {
		return dst, fmt.Errorf("response of %d bytes, at most %d are taken: %w", n, abi.MaxMessage, runners.ErrTooLarge)
	}
	return c.readBody(dst, int(n))
}

// readBody grows dst in steps, so that a length that lies costs no more memory
// than the bytes that really come.
func (c *Conn) readBody(dst []byte, n int) ([]byte, error) {
	const step = 1 << 20
	for n > 0 {
		k := min(n, step)
		from := len(dst)
		dst = grow(dst, k)
		if _, err := io.ReadFull(c.r, dst[from:]); err != nil {
			return dst[:from], fmt.Errorf("read the response: %w: %w", runners.ErrTrap, err)
		}
		n -= k
	}
	return dst, nil
}

func grow(b []byte, k int) []byte {
	if cap(b)-len(b) >= k {
		return b[:len(b)+k]
	}
	return append(b, make([]byte, k)...)
}
