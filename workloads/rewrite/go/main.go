// Rewrite is an edge rule. It takes an HTTP/1.1 request and answers with the
// request as it goes on to the origin, with a redirect, or with a refusal. The
// manifest states the rules; c/rewrite.c is the same program.
package main

import (
	"bytes"
	"errors"
	"strconv"

	"edgebench/workloads/guest"
	"edgebench/workloads/guest/httphead"
)

// The reasons for a refusal, beside those of package httphead.
var (
	errHost   = errors.New("bad host")
	errLength = errors.New("ambiguous length")
	errEscape = errors.New("bad escape")
)

func init() { guest.Handle(handle) }

func main() { guest.Main() }

func handle(request, response []byte) []byte {
	response, err := rewrite(request, response)
	if err != nil {
		return refuse(response, err.Error())
	}
	return response
}

// head is reused by all requests.
var head httphead.Head

func rewrite(request, response []byte) ([]byte, error) {
	if err := head.Read(request); err != nil {
		return response, err
	}
	host, name, ok := readHost()
	if !ok {
		return response, errHost
	}
	if ambiguous() {
		return response, errLength
	}
	raw, _, _ := bytes.Cut(head.Target, []byte("?"))
	query := head.Target[len(raw):] // from the question mark on
	path, ok := normalise(raw)
	if !ok {
		return response, errEscape
	}
	r := ruleFor(path)
	if r.redirect {
		return redirect(response, r, path, query), nil
	}
	response = append(append(response, head.Method...), ' ')
	response = appendTarget(response, r, path, query)
	return forward(response, host, originOf(name)), nil
}

func refuse(response []byte, reason string) []byte {
	response = append(response, "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: "...)
	response = strconv.AppendInt(response, int64(len(reason)+1), 10)
	response = append(response, "\r\n\r\n"...)
	return append(append(response, reason...), '\n')
}

func redirect(response []byte, r rule, path, query []byte) []byte {
	response = append(response, "HTTP/1.1 301 Moved Permanently\r\nlocation: "...)
	response = appendTarget(response, r, path, query)
	return append(response, "\r\ncontent-length: 0\r\n\r\n"...)
}

func forward(response, host []byte, origin string) []byte {
	response = append(response, " HTTP/1.1\r\n"...)
	for _, f := range head.Fields {
		switch {
		case httphead.Is(f.Name, "host"):
			response = appendField(response, f.Name, origin)
		case !dropped(f.Name):
			response = appendField(response, f.Name, f.Value)
		}
	}
	response = appendField(response, "x-forwarded-proto", "https")
	response = appendField(response, "x-forwarded-host", host)
	response = appendField(response, "via", "1.1 edge")
	response = appendField(response, "x-bucket", bucket())
	return append(append(response, "\r\n"...), head.Body...)
}

func appendField[N, V string | []byte](response []byte, name N, value V) []byte {
	response = append(append(response, name...), ": "...)
	return append(append(response, value...), "\r\n"...)
}
