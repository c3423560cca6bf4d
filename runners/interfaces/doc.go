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
	"cmp"
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
	Host string // an address of this machine, "" where the runner knows it
	Port uint16
	Path string // from "/" on, with a query where there is one
}

// String is the endpoint as an Interface.
func (e Endpoint) String() string {
	s := string(runners.HTTP) + ":"
	if e.Host != "" {
		s += e.Address(e.Host)
	} else {
		s += strconv.Itoa(int(e.Port))
	}
	if e.Path != "/" {
		s += e.Path
	}
	return s
}

// Loopback is the address at which a server on this machine's own network is asked.
func (e Endpoint) Loopback() string { return cmp.Or(e.Host, "127.0.0.1") }

// IsHTTP says whether an artefact is an HTTP server.
func IsHTTP(s runners.Interface) bool {
	return s == runners.HTTP || strings.HasPrefix(string(s), string(runners.HTTP)+":")
}

// ParseEndpoint reads "http:PORT" or "http:PORT/PATH", where a loopback address may
// stand before the port. Other text is an error.
func ParseEndpoint(s runners.Interface) (Endpoint, error) {
	rest, ok := strings.CutPrefix(string(s), string(runners.HTTP)+":")
	address, path, found := strings.Cut(rest, "/")
	host, digits, err := "", address, error(nil)
	if strings.Contains(address, ":") {
		host, digits, err = net.SplitHostPort(address)
		ok = ok && err == nil && net.ParseIP(host).IsLoopback()
	}
	port, err := strconv.ParseUint(digits, 10, 16)
	if !ok || err != nil || port == 0 {
		return Endpoint{}, fmt.Errorf("an HTTP server is written http:PORT or http:PORT/PATH with a port from 1 to 65535, not %q", s)
	}
	if path = "/" + path; found && !validPath(path) {
		return Endpoint{}, fmt.Errorf("%q in %q is not a path of a URL", path, s)
	}
	return Endpoint{Host: host, Port: uint16(port), Path: path}, nil
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
	l, err := net.Listen("tcp", e.Address(e.Loopback()))
	if err != nil {
		return fmt.Errorf("port %d is not free for the server to listen at (%s): %w: %w", e.Port, e.Address(e.Loopback()), runners.ErrUnavailable, systemError(err))
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
