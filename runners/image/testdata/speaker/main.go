// Command speaker is the guest of tests of images: one program that responds in
// every way, and changes its root file system for a test to look at.
//
//	speaker stdio            answers one request on stdin and stdout
//	speaker http PORT        answers POSTs
//	speaker frames [SOCKET]  serves frames
//	speaker change           removes /gone, replaces /old, adds /dir/new
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"edgebench/workloads/guest"
)

func main() {
	mode, rest := "stdio", []string(nil)
	if len(os.Args) > 1 {
		mode, rest = os.Args[1], os.Args[2:]
	}
	switch mode {
	case "stdio":
		request, err := io.ReadAll(os.Stdin)
		check(err)
		response, err := answer(string(request))
		check(err)
		_, err = os.Stdout.WriteString(response)
		check(err)
	case "http":
		http.HandleFunc("POST /", serve)
		check(http.ListenAndServe(":"+rest[0], nil))
	case "frames":
		os.Args = slices.Concat(os.Args[:1], rest)
		guest.Handle(func(request, response []byte) []byte {
			said, err := answer(string(request))
			check(err)
			return append(response, said...)
		})
		guest.Main()
	case "change":
		check(os.Remove("/gone"))
		check(os.WriteFile("/old", []byte("changed"), 0o600))
		check(os.MkdirAll("/dir", 0o700))
		check(os.WriteFile("/dir/new", []byte("new"), 0o600))
	default:
		check(fmt.Errorf("%q is unknown", mode))
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "speaker:", err)
		os.Exit(3)
	}
}

func serve(w http.ResponseWriter, r *http.Request) {
	request, err := io.ReadAll(r.Body)
	check(err)
	response, err := answer(r.URL.Path[1:] + string(request))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	io.WriteString(w, response)
}

// answer does what the first word of a request says.
func answer(request string) (string, error) {
	word, rest, _ := strings.Cut(request, " ")
	switch word {
	case "read":
		b, err := os.ReadFile(rest)
		if err != nil {
			return "error: " + err.Error(), nil
		}
		return string(b), nil
	case "getenv":
		return os.Getenv(rest), nil
	case "where":
		return os.Getwd()
	case "arguments":
		return strings.Join(os.Args, " "), nil
	case "repeat":
		n, err := strconv.Atoi(rest)
		return strings.Repeat("x", n), err
	case "fail":
		return "", fmt.Errorf("no luck with %s", rest)
	case "exit":
		os.Exit(4)
	case "idle":
		time.Sleep(time.Hour)
	}
	return strings.ToUpper(request), nil
}
