package portability

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/agent"
	"edgebench/runners/wasmfile"
)

// generator makes valid modules of random bytes. It is binaryen's.
const generator = "wasm-opt"

// seedBytes is how many random bytes a module is made of.
const seedBytes = 1500

// generatorFlags are the features that every runtime of the suite has.
var generatorFlags = []string{
	"--mvp-features", "--enable-sign-ext", "--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-mutable-globals",
}

// generate makes the module of a seed in a folder, with the interface of package abi.
// Without the bits of NaN (plain is false) every operation that may give NaN gives a
// number instead. An error wraps runners.ErrUnavailable where the generator is missing.
func generate(ctx context.Context, dir string, seed uint64, plain bool) (agent.Module, error) {
	name := moduleOf(seed)
	m := agent.Module{Name: name}
	if _, err := exec.LookPath(generator); err != nil {
		return m, fmt.Errorf("make a module of a seed: %s is not installed: scripts/setup-debian.sh installs it (package binaryen): %w", generator, runners.ErrUnavailable)
	}
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	bytes := make([]byte, seedBytes)
	rand.NewChaCha8(key).Read(bytes)
	in, out := filepath.Join(dir, name+".bin"), filepath.Join(dir, name+".wasm")
	defer os.Remove(in)
	defer os.Remove(out)
	if err := os.WriteFile(in, bytes, 0o600); err != nil {
		return m, fmt.Errorf("make a module of a seed: %w", err)
	}
	args := []string{"-ttf", in, "-o", out}
	if !plain {
		args = append(args, "--denan")
	}
	if err := runGenerator(ctx, args...); err != nil {
		return m, fmt.Errorf("make the module of seed %d: %w", seed, err)
	}
	code, err := os.ReadFile(out)
	if err != nil {
		return m, fmt.Errorf("make a module of a seed: %w", err)
	}
	enclosed, names, err := wasmfile.Enclose(code)
	if err != nil {
		return m, fmt.Errorf("make the module of seed %d: %w", seed, err)
	}
	m.Code, m.AfterTrap = enclosed, []byte{wasmfile.StateRequest}
	for i := range names {
		m.Requests = append(m.Requests, []byte{byte(i)})
	}
	return m, nil
}

// runGenerator runs wasm-opt with the features that every runtime has.
func runGenerator(ctx context.Context, args ...string) error {
	said, err := exec.CommandContext(ctx, generator, append(slices.Clone(generatorFlags), args...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("run %s: %w: %s", generator, err, results.Evidence(string(said)))
	}
	return nil
}

// withoutNaN ends the name of a check of a module without the bits of NaN.
const withoutNaN = ":denan"

// batch is how many modules one request to an agent has.
const batch = 50

// askDifferences runs the modules of seeds, each with and without the bits of NaN. A
// check's result is the fingerprint of all that the module gave.
func askDifferences(ctx context.Context, t *experiment.Trial, e Effort) (r experiment.Result, err error) {
	dir, err := os.MkdirTemp("", "edgebench-")
	if err != nil {
		return r, fmt.Errorf("make a folder for modules: %w", err)
	}
	defer os.RemoveAll(dir)
	modules, err := Modules(ctx, dir, e.Seed, e.Modules)
	if err != nil {
		return r, err
	}
	mine, err := Fingerprints(ctx, Side{Start: t.Start, Subject: t.Subject}, modules)
	if err != nil {
		return r, err
	}
	r.Checks = mine
	r.Metrics = []results.Metric{generated.Of(float64(len(mine)))}
	if e.Against != (results.System{}) && e.Against != t.Cell.System {
		smaller, err := minimised(ctx, t, modules, mine, e.Against)
		if err != nil {
			return r, err
		}
		r.Checks = append(r.Checks, smaller...)
	}
	return r, nil
}

// Modules makes so many modules of the seeds from one on, each twice: with and without
// the bits of NaN. Seeds whose module exports no function are passed over.
func Modules(ctx context.Context, dir string, seed uint64, n int) (all []agent.Module, err error) {
	for ; len(all) < 2*n; seed++ {
		plain, err := generate(ctx, dir, seed, true)
		if errors.Is(err, wasmfile.ErrNoFunction) {
			continue
		}
		if err != nil {
			return nil, err
		}
		without, err := generate(ctx, dir, seed, false)
		if err != nil {
			return nil, err
		}
		without.Name += withoutNaN
		all = append(all, plain, without)
	}
	return all, nil
}

// Fingerprints runs modules in a system, and gives a check for each.
func Fingerprints(ctx context.Context, s Side, modules []agent.Module) (all []results.Check, err error) {
	for part := range slices.Chunk(modules, batch) {
		found, err := evaluator{s.Start, s.Subject}.evaluate(ctx, part)
		if err != nil {
			return nil, err
		}
		for i, o := range found {
			c := results.Check{Group: string(AskDifferences), Name: part[i].Name}
			c.Result, c.Evidence = fingerprint(o)
			all = append(all, c)
		}
	}
	return all, nil
}

// moduleOf names the module of a seed.
func moduleOf(seed uint64) string { return "seed-" + strconv.FormatUint(seed, 10) }
