//go:build cgo

package wasmtime_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"edgebench/runners"
	"edgebench/runners/wasmtime"
)

// Example runs a component that two components are joined into: a filter in C, which
// asks an edge rule in Rust (workloads/chain).
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "edgebench-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	rt, err := wasmtime.New().Boot(ctx, runners.Options{Mode: "component-aot"})
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close()
	chain := filepath.Join("..", "..", "workloads", "chain", "composed", "chain.wasm")
	p, err := rt.Prepare(ctx, runners.Artefact{Kind: runners.Component, Path: chain}, dir, nil)
	if err != nil {
		log.Fatal(err)
	}
	l, err := rt.Load(ctx, p, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	in, err := l.Instantiate(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer in.Close()
	for _, path := range []string{"/blog/a", "/internal/keys"} {
		response, err := in.Call(ctx, nil, []byte("GET "+path+" HTTP/1.1\r\nHost: www.example.com\r\n\r\n"))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Print(strings.ReplaceAll(string(response), "\r\n", "\n"))
	}
	// Output:
	// GET /content/blog/a HTTP/1.1
	// Host: web.origin.internal
	// x-forwarded-proto: https
	// x-forwarded-host: www.example.com
	// via: 1.1 edge
	// x-bucket: a
	// x-filter: c
	//
	// HTTP/1.1 404 Not Found
	// content-length: 0
}
