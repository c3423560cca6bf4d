// Command route finds the route of an HTTP/1.1 request among patterns that are
// compiled at the start. The manifest states the rules; rust/ is the same
// program.
package main

import (
	"bytes"
	"errors"
	"regexp"

	"edgebench/workloads/guest"
	"edgebench/workloads/guest/httphead"
)

// init runs in the module's _initialize, and so before a snapshot.
func init() {
	for i, r := range routes {
		patterns[i] = regexp.MustCompile(r[1])
	}
	guest.Handle(handle)
}

func main() { guest.Main() }

var patterns [len(routes)]*regexp.Regexp

const maxHost = 255

var errHost = errors.New("bad host")

// head and room are reused by all requests.
var (
	head httphead.Head
	room []byte
)

func handle(request, response []byte) []byte {
	subject, err := readSubject(request)
	if err != nil {
		return appendLine(response, "bad request: ", err.Error())
	}
	for i, p := range patterns {
		if at := p.FindSubmatchIndex(subject); at != nil {
			response = appendLine(response, "route ", routes[i][0])
			return appendGroups(response, p, subject, at)
		}
	}
	return appendLine(response, "no route")
}

// readSubject gives what the patterns are tried on: method, host and target.
func readSubject(request []byte) ([]byte, error) {
	if err := head.Read(request); err != nil {
		return nil, err
	}
	host, ok := head.Single("host")
	if !ok || len(host) < 1 || len(host) > maxHost {
		return nil, errHost
	}
	room = append(append(room[:0], head.Method...), ' ')
	for _, c := range host {
		c = httphead.Lower(c)
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && bytes.IndexByte([]byte("-.:"), c) < 0 {
			return nil, errHost
		}
		room = append(room, c)
	}
	room = append(room, head.Target...)
	return room, nil
}

func appendGroups(response []byte, p *regexp.Regexp, subject []byte, at []int) []byte {
	for i, name := range p.SubexpNames() {
		if from, to := at[2*i], at[2*i+1]; name != "" && from >= 0 {
			response = appendLine(response, name, "=", string(subject[from:to]))
		}
	}
	return response
}

func appendLine(response []byte, parts ...string) []byte {
	for _, part := range parts {
		response = append(response, part...)
	}
	return append(response, '\n')
}
