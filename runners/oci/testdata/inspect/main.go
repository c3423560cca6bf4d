// Command inspect is a workload that looks around in its container. It serves
// frames on stdin and stdout; a request is a word and arguments, separated by
// spaces, and the response is what was found, or an error's text.
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

func main() {
	for {
		var head [4]byte
		if _, err := io.ReadFull(os.Stdin, head[:]); err != nil {
			return
		}
		request := make([]byte, binary.LittleEndian.Uint32(head[:]))
		if _, err := io.ReadFull(os.Stdin, request); err != nil {
			return
		}
		response := make([]byte, 8)
		if len(request) > 0 {
			words := strings.Fields(string(request))
			response = []byte(answer(words[0], words[1:]))
		}
		os.Stdout.Write(append(binary.LittleEndian.AppendUint32(nil, uint32(len(response))), response...))
	}
}

func answer(word string, args []string) string {
	switch word {
	case "read":
		b, err := os.ReadFile(args[0])
		return text(string(b), err)
	case "write":
		return text("ok", os.WriteFile(args[0], []byte("x"), 0o600))
	case "list":
		return list(args[0])
	case "environment":
		return strings.Join(os.Environ(), " ")
	case "arguments":
		return strings.Join(os.Args, " ")
	case "host":
		name, err := os.Hostname()
		return text(name, err)
	case "user":
		return fmt.Sprint(os.Getuid(), os.Getgid())
	case "files":
		return files()
	case "interfaces":
		return interfaces()
	case "dial":
		_, err := net.DialTimeout(args[0], args[1], time.Second)
		return text("connected", err)
	case "call":
		return call(args)
	case "exit":
		fmt.Fprintln(os.Stderr, strings.Join(args[1:], " "))
		code, _ := strconv.Atoi(args[0])
		os.Exit(code)
	case "talk":
		n, _ := strconv.Atoi(args[0])
		fmt.Fprintln(os.Stderr, strings.Repeat("talk\n", n))
		return "ok"
	case "silence":
		os.Stdout.Close()
		time.Sleep(time.Hour)
	case "take":
		return take(args[0])
	case "world":
		return world()
	case "loopback":
		return loopback()
	}
	return "?"
}

func text(s string, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	return s
}

func list(dir string) string {
	entries, err := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return text(strings.Join(names, " "), err)
}

// files says what the open descriptors are, but for those of Go's own poller.
func files() string {
	entries, err := os.ReadDir("/proc/self/fd")
	var open []string
	for _, e := range entries {
		to, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err != nil || strings.HasPrefix(to, "anon_inode:[event") {
			continue // the folder that was just read, and the poller
		}
		kind, _, _ := strings.Cut(to, ":")
		open = append(open, e.Name()+"="+kind)
	}
	return text(strings.Join(open, " "), err)
}

func interfaces() string {
	all, err := net.Interfaces()
	var names []string
	for _, i := range all {
		names = append(names, i.Name)
	}
	return text(strings.Join(names, " "), err)
}

// call makes a system call with numbers as arguments and gives its error. A
// string is given as "@text".
func call(args []string) string {
	var a [7]uintptr
	var keep [][]byte
	for i, s := range args {
		if at, ok := strings.CutPrefix(s, "@"); ok {
			keep = append(keep, append([]byte(at), 0))
			a[i] = uintptr(unsafe.Pointer(&keep[len(keep)-1][0]))
			continue
		}
		n, err := strconv.ParseUint(s, 0, 64)
		if err != nil {
			return err.Error()
		}
		a[i] = uintptr(n)
	}
	_, _, e := syscall.Syscall6(a[0], a[1], a[2], a[3], a[4], a[5], a[6])
	if e == 0 {
		return "ok"
	}
	var errno error = e
	if errors.Is(errno, syscall.EPERM) {
		return "EPERM"
	}
	return errno.Error()
}

// taken keeps what was taken in use.
var taken []byte

func take(bytes string) string {
	n, _ := strconv.Atoi(bytes)
	taken = make([]byte, n)
	for i := 0; i < n; i += 4096 {
		taken[i] = 1
	}
	return "ok"
}
