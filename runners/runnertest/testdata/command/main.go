// Command command is command.c as an executable: the same operations on stdin
// and stdout.
package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
)

func main() {
	request, _ := io.ReadAll(os.Stdin)
	os.Exit(answer(request))
}

func answer(request []byte) int {
	if len(request) == 0 {
		fmt.Println("nothing")
		return 0
	}
	rest := string(request[1:])
	switch request[0] {
	case 'E':
		os.Stdout.WriteString(rest)
	case 'X':
		fmt.Fprintf(os.Stderr, "leaving with %s\nand more\n", rest)
		code, _ := strconv.Atoi(rest)
		return code
	case 'T':
		panic("about to trap")
	case 'W':
		for page := make([]byte, 1<<20); ; {
			if _, err := os.Stdout.Write(page); err != nil {
				return 1
			}
		}
	case 'F':
		return readFile(rest)
	case 'P':
		makeFile(rest)
	case 'A':
		fmt.Printf("%d arguments, the first not empty: %d, %d variables\n", len(os.Args), min(1, len(os.Args[0])), len(os.Environ()))
	case 'V':
		return showWorld(rest)
	case 'R':
		var a, b [16]byte
		rand.Read(a[:])
		rand.Read(b[:])
		if time.Now().Unix() > 1700000000 && !bytes.Equal(a[:], b[:]) {
			fmt.Println("real")
		} else {
			fmt.Println("fake")
		}
	default:
		return 9
	}
	return 0
}

func readFile(name string) int {
	content, err := os.ReadFile(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	os.Stdout.Write(content)
	return 0
}

func showWorld(code string) int {
	for _, argument := range os.Args[1:] {
		fmt.Println(argument)
	}
	greeting, ok := os.LookupEnv("GREETING")
	if !ok {
		greeting = "no greeting"
	}
	fmt.Println(greeting)
	n, _ := strconv.Atoi(code)
	return n
}

func makeFile(name string) {
	f, err := os.Create(name)
	if err != nil {
		fmt.Println("refused")
		return
	}
	f.Close()
	fmt.Println("written")
}
