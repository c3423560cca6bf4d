// Command all rebuilds the workloads: the committed modules with their pins
// in the manifests, and into the user's cache whatever is not committed (Go
// modules, modules with code of third parties, native twins, images).
//
//	go run ./workloads/build/all [--check] [WORKLOAD…]
//
// With --check it writes nothing into the repository and compares what it
// builds with what is committed and pinned. Exit code 1 if an artefact does not
// build or differs; 2 for a wrong use. Without --check, what is missing on this machine
// the tools for is left out in one line and is no failure.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"edgebench/runners"
	"edgebench/runners/source"
	"edgebench/workloads/build"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	check := len(args) > 0 && args[0] == "--check"
	if check {
		args = args[1:]
	}
	if i := slices.IndexFunc(args, func(a string) bool { return strings.HasPrefix(a, "-") }); i >= 0 {
		fmt.Fprintf(stderr, "build: unknown flag %q (usage: build [--check] [WORKLOAD…])\n", args[i])
		return 2
	}
	root, err := source.Root()
	if err != nil {
		fmt.Fprintln(stderr, "build:", err)
		return 2
	}
	list, err := choose(root, args)
	if err != nil {
		fmt.Fprintln(stderr, "build:", err)
		return 2
	}
	if err := rebuild(ctx, root, list, check, stdout); err != nil {
		fmt.Fprintln(stderr, "build:", oneLine(err))
		return 1
	}
	return 0
}

// choose gives the workloads that are named, hidden ones too; all if none is.
func choose(root string, names []string) ([]build.Workload, error) {
	set, err := build.Open(root)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return set.All(), nil
	}
	var list []build.Workload
	for _, name := range names {
		w, err := set.Find(name)
		if err != nil {
			return nil, err
		}
		list = append(list, w)
	}
	return list, nil
}

func rebuild(ctx context.Context, root string, list []build.Workload, check bool, stdout io.Writer) error {
	cache, err := source.CacheDir()
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "edgebench-build-")
	if err != nil {
		return fmt.Errorf("make a folder to build in: %w", err)
	}
	defer os.RemoveAll(scratch)
	r := build.NewRebuilding(root, cache, scratch)
	r.Check = check
	r.Say = func(line string) { fmt.Fprintln(stdout, line) }
	failed := 0
	for _, w := range list {
		err := r.Workload(ctx, w)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if check && err != nil || failure(err) {
			failed++
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d workloads are not what they should be (see above)", failed, len(list))
	}
	return nil
}

// failure says whether any of the joined errors is more than a missing tool.
func failure(err error) bool {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return slices.ContainsFunc(joined.Unwrap(), failure)
	}
	return err != nil && !errors.Is(err, runners.ErrUnavailable)
}

func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
