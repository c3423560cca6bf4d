// Command api is a JSON microservice as Go's standard library lets one write it.
// The manifest states the rules. What they refuse and package net/http would
// take (a target with other characters, say) is refused before it is asked.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"edgebench/workloads/guest"
	"edgebench/workloads/guest/httphead"
)

func init() { guest.Handle(handle) }
func main() { guest.Main() }

// reply is a response before it is written: an HTTP status, perhaps one field
// of its own with its line end, and what becomes the JSON of its body.
type reply struct {
	status int
	field  string
	body   any
}

type problem struct {
	Error string `json:"error"`
}

func refuse(status int, reason string) reply {
	return reply{status: status, body: problem{reason}}
}

func handle(request, response []byte) []byte {
	r := answer(request)
	body, err := encode(r.body)
	if err != nil { // of no value of ours
		r.status, body = http.StatusInternalServerError, []byte("{}\n")
	}
	response = fmt.Appendf(response, "HTTP/1.1 %d %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n%s\r\n",
		r.status, statusText(r.status), len(body), r.field)
	return append(response, body...)
}

// statusText follows RFC 9110, which net/http does not with these two.
func statusText(code int) string {
	switch code {
	case http.StatusRequestEntityTooLarge:
		return "Content Too Large"
	case http.StatusUnprocessableEntity:
		return "Unprocessable Content"
	}
	return http.StatusText(code)
}

var (
	errTarget = errors.New("bad target")
	errHost   = errors.New("bad host")
	errLength = errors.New("bad length")
)

func answer(request []byte) reply {
	if err := check(request); err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(request)))
	if err != nil {
		return refuse(http.StatusBadRequest, "bad request line")
	}
	return route(r)
}

// check is rules 1 to 4.
func check(request []byte) error {
	var head httphead.Head
	if err := head.Read(request); err != nil {
		return err
	}
	if bytes.ContainsFunc(head.Target, notInTarget) {
		return errTarget
	}
	if _, ok := head.Single("host"); !ok {
		return errHost
	}
	return checkLength(&head)
}

func notInTarget(c rune) bool {
	letter := c|0x20 >= 'a' && c|0x20 <= 'z'
	digit := c >= '0' && c <= '9'
	return !letter && !digit && !strings.ContainsRune("-._~/?=&", c)
}

func checkLength(head *httphead.Head) error {
	var announced uint64
	seen := false
	for _, f := range head.Fields {
		switch {
		case httphead.Is(f.Name, "transfer-encoding"):
			return errLength
		case httphead.Is(f.Name, "content-length"):
			n, ok := httphead.Decimal(f.Value)
			if !ok || seen {
				return errLength
			}
			announced, seen = n, true
		}
	}
	if announced != uint64(len(head.Body)) {
		return errLength
	}
	return nil
}

func route(r *http.Request) reply {
	path, query, _ := strings.Cut(r.RequestURI, "?")
	sku, isProduct := strings.CutPrefix(path, "/products/")
	switch {
	case path == "/health":
		return only(http.MethodGet, r, func() reply {
			return reply{status: http.StatusOK, body: struct {
				Status string `json:"status"`
			}{"ok"}}
		})
	case path == "/products":
		return only(http.MethodGet, r, func() reply { return listProducts(query) })
	case isProduct:
		return only(http.MethodGet, r, func() reply { return oneProduct(sku) })
	case path == "/orders":
		return only(http.MethodPost, r, func() reply { return postOrder(r.Body) })
	}
	return refuse(http.StatusNotFound, "not found")
}

// only serves a route that has one method.
func only(method string, r *http.Request, serve func() reply) reply {
	if r.Method == method {
		return serve()
	}
	refusal := refuse(http.StatusMethodNotAllowed, "method not allowed")
	refusal.field = "allow: " + method + "\r\n"
	return refusal
}

const maxBody = 16384

func postOrder(from io.Reader) reply {
	body, err := io.ReadAll(io.LimitReader(from, maxBody+1))
	if err != nil {
		return refuse(http.StatusBadRequest, errLength.Error())
	}
	if len(body) > maxBody {
		return refuse(http.StatusRequestEntityTooLarge, "too large")
	}
	value, err := decode(body)
	if err != nil {
		return refuse(http.StatusBadRequest, "malformed json")
	}
	o, wrong := readOrder(value)
	if len(wrong) > 0 {
		return reply{status: http.StatusUnprocessableEntity, body: struct {
			problem
			Fields []invalid `json:"fields"`
		}{problem{"invalid order"}, wrong}}
	}
	id := orderID(body)
	return reply{http.StatusCreated, "location: /orders/" + id + "\r\n", o.price(id)}
}

// number reads 1 to n decimal digits.
func number(text string, n int) (int, bool) {
	if len(text) > n || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	value, err := strconv.Atoi(text)
	return value, err == nil
}
