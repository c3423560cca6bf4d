// Command server is the HTTP server among the conformance suite's guests. It
// listens at the port that the file named port in its working folder holds,
// after a moment, and answers POST /work: the first byte of the body is an
// operation, the rest its argument.
//
//	E rest      echoes the rest
//	C           counts: the number of C so far in this instance
//	S decimal   answers with that status
//	X decimal   exits with that code
//	W           answers without an end
//
// It answers GET /word with the field Word of the header and status 202.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

func main() {
	port, err := os.ReadFile("port")
	if err != nil {
		fmt.Fprintln(os.Stderr, "no port to listen at")
		os.Exit(3)
	}
	time.Sleep(20 * time.Millisecond) // as a server that has much to do first
	l, err := net.Listen("tcp", ":"+strings.TrimSpace(string(port)))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(4)
	}
	http.HandleFunc("POST /work", answer)
	http.HandleFunc("GET /word", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprint(w, r.Header.Get("Word"), r.ContentLength)
	})
	fmt.Fprintln(os.Stderr, http.Serve(l, nil))
	os.Exit(5)
}

var counter atomic.Int64

func answer(w http.ResponseWriter, r *http.Request) {
	request, err := io.ReadAll(r.Body)
	if err != nil || len(request) == 0 {
		http.Error(w, "nothing was asked", http.StatusBadRequest)
		return
	}
	rest := string(request[1:])
	number, _ := strconv.Atoi(rest)
	switch request[0] {
	case 'E':
		io.WriteString(w, rest)
	case 'C':
		fmt.Fprint(w, counter.Add(1))
	case 'S':
		http.Error(w, "as you like", number)
	case 'X':
		fmt.Fprintln(os.Stderr, "leaving with", number)
		os.Exit(number)
	case 'W':
		for page := make([]byte, 1<<20); ; {
			if _, err := w.Write(page); err != nil {
				return
			}
		}
	}
}
