//go:build linux

package oci

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"edgebench/runners/frame"
)

// stdio are the pipes to a container: ours, and the three that become its
// stdin, stdout and stderr. Pipes wake a waiting reader in 3 to 5 µs a round
// trip here, a socket pair in 9, and a container's are those that the process
// runner has.
type stdio struct {
	stdin, stdout *os.File
	conn          *frame.Conn
	said          *said
	theirs        [3]int
}

// newStdio makes them. The workload owns its ends, since it may open them again, as
// /dev/stderr.
func (h *host) newStdio() (s *stdio, err error) {
	s = &stdio{theirs: [3]int{-1, -1, -1}}
	defer func() {
		if err != nil {
			s.closeTheirs()
			s.closeOurs()
			err = fmt.Errorf("make the container's pipes: %w", err)
		}
	}()
	if s.theirs[0], s.stdin, err = pipe(0); err != nil {
		return s, err
	}
	if s.theirs[1], s.stdout, err = pipe(1); err != nil {
		return s, err
	}
	var stderr *os.File
	if s.theirs[2], stderr, err = pipe(1); err != nil {
		return s, err
	}
	if err := h.give(s.theirs); err != nil {
		stderr.Close()
		return s, err
	}
	s.said = listen(stderr)
	s.conn = frame.NewConn(s.stdout, s.stdin)
	return s, nil
}

// pipe makes a pipe and gives one end (0 reads, 1 writes) to the container. A
// program expects its own end to block; ours does not, so that it can be closed
// under a goroutine that waits.
func pipe(end int) (theirs int, ours *os.File, err error) {
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		return -1, nil, err
	}
	mine := ends[1-end]
	if err := unix.SetNonblock(mine, true); err != nil {
		unix.Close(ends[0])
		unix.Close(ends[1])
		return -1, nil, err
	}
	return ends[end], os.NewFile(uintptr(mine), "container"), nil
}

// closeTheirs is called when the container has its own copies: only then does
// the end of one side show on the other.
func (s *stdio) closeTheirs() {
	for i, fd := range s.theirs {
		if fd >= 0 {
			unix.Close(fd)
			s.theirs[i] = -1
		}
	}
}

func (s *stdio) closeOurs() {
	if s.stdin != nil {
		s.stdin.Close()
	}
	if s.stdout != nil {
		s.stdout.Close()
	}
	if s.said != nil {
		s.said.close()
	}
}

// mostSaid bounds what is kept of a container's stderr, in bytes: it becomes
// part of an error's one line.
const mostSaid = 512

// said reads a container's stderr, so that a talkative workload never blocks,
// and keeps the beginning: a program that fails says why first.
type said struct {
	from *os.File
	done chan struct{}
	mu   sync.Mutex
	kept []byte
}

func listen(from *os.File) *said {
	s := &said{from: from, done: make(chan struct{})}
	go s.read()
	return s
}

func (s *said) read() {
	defer close(s.done)
	var b [mostSaid]byte
	for {
		n, err := s.from.Read(b[:])
		s.mu.Lock()
		s.kept = append(s.kept, b[:min(n, mostSaid-len(s.kept))]...)
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// line gives what was said in one line. It is called when the container has
// ended, and waits for its last words.
func (s *said) line() string {
	<-s.done
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(strings.Fields(strings.ToValidUTF8(string(s.kept), "?")), " ")
}

func (s *said) close() {
	s.from.Close()
	<-s.done
}
