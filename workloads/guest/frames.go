//go:build !wasip1

package guest

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

const header = 4

// Main serves on stdin and stdout, or on the unix socket whose path is the one
// argument. It exits with 0 when its input ends between two frames, and with 1
// and a line on stderr on whatever else goes wrong.
func Main() {
	entry := entryClock()
	signal.Ignore(syscall.SIGPIPE) // a reader that has left is an error of Write
	if len(os.Args) > 2 {
		fmt.Fprintf(os.Stderr, "usage: %s [SOCKET]\n", os.Args[0])
		os.Exit(2)
	}
	if err := serve(os.Args[1:], entry); err != nil {
		fmt.Fprintln(os.Stderr, "guest:", err)
		os.Exit(1)
	}
}

func serve(args []string, entry uint64) error {
	s := server{in: bufio.NewReaderSize(os.Stdin, 64<<10), out: os.Stdout, entry: entry}
	if len(args) > 0 {
		conn, err := dial(args[0])
		if err != nil {
			return fmt.Errorf("connect to %s: %w", args[0], err)
		}
		s.in, s.out = bufio.NewReaderSize(conn, 64<<10), conn
	}
	for {
		err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// server holds the streams and the buffers that serve every request.
type server struct {
	in       *bufio.Reader
	out      io.Writer
	entry    uint64
	head     [header]byte
	request  []byte
	response []byte // with room for the header in front
}

// next serves one frame. Its error is io.EOF where the input ends before it.
func (s *server) next() error {
	if _, err := io.ReadFull(s.in, s.head[:]); err != nil {
		return err
	}
	n := binary.LittleEndian.Uint32(s.head[:])
	if n > MaxMessage {
		return fmt.Errorf("request of %d bytes, at most %d are taken", n, MaxMessage)
	}
	if uint64(n) > uint64(len(s.request)) {
		s.request = make([]byte, max(int(n), 2*len(s.request)))
	}
	if _, err := io.ReadFull(s.in, s.request[:n]); err != nil {
		return fmt.Errorf("read a request of %d bytes: %w", n, noEOF(err))
	}
	return s.answer(s.request[:n])
}

// noEOF marks an end that came too early as such.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// answer sends header and response in one write.
func (s *server) answer(request []byte) error {
	s.response = append(s.response[:0], 0, 0, 0, 0)
	if len(request) == 0 {
		s.response = binary.LittleEndian.AppendUint64(s.response, s.entry)
	} else {
		s.response = handler(request, s.response)
	}
	n := len(s.response) - header
	binary.LittleEndian.PutUint32(s.response, uint32(n))
	if n > MaxMessage {
		// The length tells the runner; after it nothing can follow.
		_, err := s.out.Write(s.response[:header])
		return errors.Join(fmt.Errorf("response of %d bytes, at most %d are sent", n, MaxMessage), err)
	}
	_, err := s.out.Write(s.response)
	return err
}
