package main

import (
	"bytes"
	"strings"

	"edgebench/workloads/guest/httphead"
)

// pathRoom is reused by all requests.
var pathRoom []byte

// normalise returns the path without empty and dot segments and with its
// escapes in one form; false if one of them is not an escape. The result stays
// until the next call.
func normalise(raw []byte) ([]byte, bool) {
	path, open := pathRoom[:0], true // open: the path ends with a slash
	for segment := range bytes.SplitSeq(raw[1:], []byte("/")) {
		from := len(path)
		var ok bool
		if path, ok = appendSegment(append(path, '/'), segment); !ok {
			return nil, false
		}
		done := string(path[from+1:])
		open = done == "" || done == "." || done == ".."
		if open {
			path = path[:from]
		}
		if done == ".." {
			path = path[:max(0, bytes.LastIndexByte(path, '/'))]
		}
	}
	if open {
		path = append(path, '/')
	}
	pathRoom = path
	return path, true
}

func appendSegment(path, segment []byte) ([]byte, bool) {
	const digits = "0123456789ABCDEF"
	for i := 0; i < len(segment); i++ {
		c := segment[i]
		if c != '%' {
			path = append(path, c)
			continue
		}
		if i+2 >= len(segment) {
			return nil, false
		}
		high, low := hexValue(segment[i+1]), hexValue(segment[i+2])
		if high < 0 || low < 0 {
			return nil, false
		}
		i += 2
		if c = byte(high<<4 | low); unreserved(c) {
			path = append(path, c)
		} else {
			path = append(path, '%', digits[high], digits[low])
		}
	}
	return path, true
}

func hexValue(c byte) int { return strings.IndexByte("0123456789abcdef", httphead.Lower(c)) }

func unreserved(c byte) bool {
	l := httphead.Lower(c)
	return l >= 'a' && l <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// rule applies to paths that start with from; where whole is set, from must be
// all of the path. No rule is the rule that changes nothing.
type rule struct {
	from, to        string
	whole, redirect bool
}

var rules = []rule{
	{from: "/blog/", to: "/content/blog/"},
	{from: "/static/", to: "/assets/v3/"},
	{from: "/api/v1/", to: "/api/v2/"},
	{from: "/index.html", to: "/", whole: true},
	{from: "/old/", to: "/archive/", redirect: true},
	{from: "/feed.xml", to: "/blog/feed", whole: true, redirect: true},
}

func ruleFor(path []byte) rule {
	for _, r := range rules {
		if bytes.HasPrefix(path, []byte(r.from)) && (!r.whole || len(path) == len(r.from)) {
			return r
		}
	}
	return rule{}
}

func appendTarget(response []byte, r rule, path, query []byte) []byte {
	response = append(append(response, r.to...), path[len(r.from):]...)
	return append(response, query...)
}
