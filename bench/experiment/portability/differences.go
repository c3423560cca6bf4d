package portability

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

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
	args := append(slices.Clone(generatorFlags), "-ttf", in, "-o", out)
	if !plain {
		args = append(args, "--denan")
	}
	if said, err := exec.CommandContext(ctx, generator, args...).CombinedOutput(); err != nil {
		return m, fmt.Errorf("make the module of seed %d: %w: %s", seed, err, results.Evidence(string(said)))
	}
	code, err := os.ReadFile(out)
	if err != nil {
		return m, fmt.Errorf("make a module of a seed: %w", err)
	}
	enclosed, names, err := wasmfile.Enclose(code)
	if err != nil {
		return m, fmt.Errorf("make the module of seed %d: %w", seed, err)
	}
	m.Code = enclosed
	for i := range names {
		m.Requests = append(m.Requests, []byte{byte(i)})
	}
	return m, nil
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
	r.Checks, err = Fingerprints(ctx, t, modules)
	r.Metrics = []results.Metric{generated.Of(float64(len(r.Checks)))}
	return r, err
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
func Fingerprints(ctx context.Context, t *experiment.Trial, modules []agent.Module) (all []results.Check, err error) {
	for part := range slices.Chunk(modules, batch) {
		found, err := evaluator{start: t.Start, subject: t.Subject}.evaluate(ctx, part)
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

// atLimit ends the fingerprint of a module that exhausted the stack.
const atLimit = "-stack"

// fingerprint says in a word what a module gave, and in evidence each call's outcome.
func fingerprint(o outcome) (word, evidence string) {
	switch {
	case o.died != nil:
		return o.death()
	case o.Refused != nil:
		return ResultAbsent, results.Evidence(o.Refused.Error.Message)
	}
	hash, limited := sha256.New(), false
	var calls []string
	for _, c := range o.Requests {
		text := fmt.Sprintf("%x", c.Response)
		if c.Failure != nil {
			text = "trap " + string(c.Failure.Trap)
			limited = limited || c.Failure.Trap == runners.TrapStack
		}
		fmt.Fprintln(hash, text)
		calls = append(calls, text)
	}
	word = fmt.Sprintf("r-%.4x", hash.Sum(nil))
	if limited {
		word += atLimit
	}
	return word, results.Evidence(strings.Join(calls, ", "))
}

// Class is why systems give different things for one module.
type Class string

// The classes.
const (
	// ClassLegal: only the bits of NaN differ, which the specification leaves open.
	ClassLegal Class = "legal"
	// ClassLimit: some system exhausted its stack, whose depth is left open.
	ClassLimit Class = "limit"
	// ClassKnown: it is a defect that is in the list of those that were explained.
	ClassKnown Class = "known"
	// ClassDefect: the specification allows one result alone.
	ClassDefect Class = "defect"
)

// Difference is a module for which systems do not agree.
type Difference struct {
	// Module is "seed-" and the seed.
	Module string
	Class  Class
	// Test is the test of the specification that a known defect was minimised to.
	Test string
	// Results has the systems by what they gave.
	Results map[string][]string
}

// Compare finds the modules for which systems differ. checks are those of each system.
func Compare(checks map[string][]results.Check) (all []Difference, err error) {
	known, err := knownSeeds()
	if err != nil {
		return nil, err
	}
	given := map[string]map[string][]string{}
	var order []string
	for _, system := range slices.Sorted(maps.Keys(checks)) {
		for _, c := range checks[system] {
			if given[c.Name] == nil {
				given[c.Name] = map[string][]string{}
				order = append(order, c.Name)
			}
			given[c.Name][c.Result] = append(given[c.Name][c.Result], system)
		}
	}
	for _, name := range order {
		module, isSecond := strings.CutSuffix(name, withoutNaN)
		if isSecond || len(given[name]) < 2 && len(given[name+withoutNaN]) < 2 {
			continue
		}
		d := Difference{Module: module, Class: classify(given[name], given[name+withoutNaN]), Results: given[name]}
		if len(given[name]) < 2 {
			d.Results = given[name+withoutNaN]
		}
		if d.Class == ClassDefect && known[module] != "" {
			d.Class, d.Test = ClassKnown, known[module]
		}
		all = append(all, d)
	}
	return all, nil
}

// knownSeeds reads the list of explained defects, once: modules with the test that each
// was minimised to.
var knownSeeds = sync.OnceValues(func() (map[string]string, error) {
	var list struct {
		Known []struct {
			Seed uint64 `toml:"seed"`
			Test string `toml:"test"`
		} `toml:"known"`
	}
	if err := readTOML("modules/seeds/known.toml", &list); err != nil {
		return nil, err
	}
	known := map[string]string{}
	for _, k := range list.Known {
		known[moduleOf(k.Seed)] = k.Test
	}
	return known, nil
})

// moduleOf names the module of a seed.
func moduleOf(seed uint64) string { return "seed-" + strconv.FormatUint(seed, 10) }

// classify judges by the results of a module and of the same without the bits of NaN.
func classify(plain, without map[string][]string) Class {
	for _, given := range []map[string][]string{plain, without} {
		if len(given) < 2 {
			continue
		}
		for result := range given {
			if strings.HasSuffix(result, atLimit) {
				return ClassLimit
			}
		}
	}
	if len(without) == 1 {
		return ClassLegal
	}
	return ClassDefect
}
