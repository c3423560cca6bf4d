// Package interfaces sends requests to third-party artefacts: commands, which
// read a request from stdin and write the response to stdout, and HTTP servers.
//
// These interfaces have no ping: an empty request is sent like any other, and its
// response may have any content.
//
// The package does not depend on processes or containers. A runner supplies the
// pipes or the function that dials, and reports when the program has ended.
package interfaces

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode"

	"edgebench/runners"
	"edgebench/runners/abi"
)

// Endpoint is where an HTTP server answers.
type Endpoint struct {
	Port uint16
	Path string // from "/" on, with a query where there is one
}

// IsHTTP says whether an artefact is an HTTP server.
func IsHTTP(s runners.Interface) bool {
	return s == runners.HTTP || strings.HasPrefix(string(s), string(runners.HTTP)+":")
}

// ParseEndpoint reads "http:PORT" or "http:PORT/PATH". Other text is an error.
func ParseEndpoint(s runners.Interface) (Endpoint, error) {
	rest, ok := strings.CutPrefix(string(s), string(runners.HTTP)+":")
	digits, path, found := strings.Cut(rest, "/")
	port, err := strconv.ParseUint(digits, 10, 16)
	if !ok || err != nil || port == 0 {
		return Endpoint{}, fmt.Errorf("an HTTP server is written http:PORT or http:PORT/PATH with a port from 1 to 65535, not %q", s)
	}
	if path = "/" + path; found && !validPath(path) {
		return Endpoint{}, fmt.Errorf("%q in %q is not a path of a URL", path, s)
	}
	return Endpoint{Port: uint16(port), Path: path}, nil
}

// validPath refuses characters that would end the request line.
func validPath(path string) bool {
	_, err := url.ParseRequestURI(path)
	return err == nil && !strings.ContainsFunc(path, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}

// Address is the server's address on a host, for a dialler.
func (e Endpoint) Address(host string) string {
	return net.JoinHostPort(host, strconv.Itoa(int(e.Port)))
}

// Free returns an error that wraps ErrUnavailable if a program of this machine
// already listens at the port. That program would be mistaken for the server that
// is about to start.
func (e Endpoint) Free() error {
	l, err := net.Listen("tcp4", e.Address("127.0.0.1"))
	if err != nil {
		return fmt.Errorf("port %d is not free for the server to listen at: %w: %w", e.Port, runners.ErrUnavailable, systemError(err))
	}
	return l.Close()
}

// systemError reduces an error of package net to its cause.
func systemError(err error) error {
	for e := err; e != nil; {
		if number, ok := e.(syscall.Errno); ok {
			return number
		}
		u, ok := e.(interface{ Unwrap() error })
		if !ok {
			break
		}
		e = u.Unwrap()
	}
	return err
}

// appendAll appends everything that r supplies, at most abi.MaxMessage bytes.
func appendAll(dst []byte, r io.Reader) ([]byte, error) {
	from := len(dst)
	for {
		dst = slices.Grow(dst, 512)
		n, err := r.Read(dst[len(dst):cap(dst)])
		dst = dst[:len(dst)+n]
		if len(dst)-from > abi.MaxMessage {
			return dst[:from], fmt.Errorf("the response is longer than %d bytes: %w", abi.MaxMessage, runners.ErrTooLarge)
		}
		if err == io.EOF {
			return dst, nil
		}
		if err != nil {
			return dst[:from], err
		}
	}
}
