package main

import (
	"bytes"
	"slices"

	"edgebench/workloads/guest/httphead"
)

const maxHost = 255

// hostRoom is reused by all requests.
var hostRoom []byte

// readHost finds the one Host field as it came, and its name in lower case
// without port and without www.
func readHost() (host, name []byte, ok bool) {
	host, ok = head.Single("host")
	if !ok || len(host) > maxHost {
		return nil, nil, false
	}
	raw, port, hasPort := bytes.Cut(host, []byte(":"))
	if !isName(raw) {
		return nil, nil, false
	}
	if _, ok := httphead.Decimal(port); hasPort && (len(port) > 5 || !ok) {
		return nil, nil, false
	}
	hostRoom = hostRoom[:0]
	for _, c := range raw {
		hostRoom = append(hostRoom, httphead.Lower(c))
	}
	name = hostRoom
	if len(name) > len("www.") {
		name = bytes.TrimPrefix(name, []byte("www."))
	}
	return host, name, true
}

func isName(name []byte) bool {
	for _, c := range name {
		l := httphead.Lower(c)
		if (l < 'a' || l > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	return len(name) > 0
}

func originOf(name []byte) string {
	switch s := string(name); s {
	case "example.com":
		return "web.origin.internal"
	case "shop.example.com":
		return "shop.origin.internal"
	case "img.example.com":
		return "images.origin.internal"
	default:
		return s
	}
}

// ambiguous: two lengths, or a length beside chunks, are how requests are
// smuggled.
func ambiguous() bool {
	lengths := 0
	for _, f := range head.Fields {
		if httphead.Is(f.Name, "content-length") || httphead.Is(f.Name, "transfer-encoding") {
			lengths++
		}
	}
	return lengths > 1
}

var (
	alwaysDropped = []string{
		"connection", "keep-alive", "proxy-connection", "proxy-authenticate",
		"proxy-authorization", "te", "trailer", "upgrade",
		"x-forwarded-proto", "x-forwarded-host", "x-bucket",
	}
	neverDropped = []string{"host", "content-length", "transfer-encoding", "cookie"}
)

func dropped(name []byte) bool {
	if listed(name, alwaysDropped) || httphead.HasPrefix(name, "x-internal-") {
		return true
	}
	return !listed(name, neverDropped) && nominated(name)
}

func listed(name []byte, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return httphead.Is(name, word) })
}

// nominated: a Connection field names it as meant for this hop.
func nominated(name []byte) bool {
	for _, f := range head.Fields {
		if !httphead.Is(f.Name, "connection") {
			continue
		}
		for part := range bytes.SplitSeq(f.Value, []byte(",")) {
			if httphead.Same(httphead.Trim(part), name) {
				return true
			}
		}
	}
	return false
}

func bucket() string {
	hash := uint64(14695981039346656037)
	uid := findUID()
	for _, c := range uid {
		hash = (hash ^ uint64(c)) * 1099511628211
	}
	if len(uid) == 0 || hash%100 < 80 {
		return "a"
	}
	return "b"
}

// findUID returns the first cookie uid that has a value, nil if there is none.
func findUID() []byte {
	for _, f := range head.Fields {
		if !httphead.Is(f.Name, "cookie") {
			continue
		}
		for part := range bytes.SplitSeq(f.Value, []byte(";")) {
			part = httphead.Trim(part)
			if value, ok := bytes.CutPrefix(part, []byte("uid=")); ok && len(value) > 0 {
				return value
			}
		}
	}
	return nil
}
