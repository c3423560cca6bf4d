package plan

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"edgebench/results"
)

// Config is what to measure, as a profile or a user's file says it (TOML;
// unknown keys are refused).
type Config struct {
	// Profile names the configuration in reports.
	Profile string `toml:"profile"`
	// Budget is the time after which no further block is begun; what has been
	// measured by then is reported.
	Budget Duration `toml:"budget"`
	// Target is how narrow the interval of a cold start's median is to become,
	// as a part of the median to each side; 0 asks for no spare trials.
	Target float64 `toml:"target"`
	// Deadline is when a trial that has not ended is stopped and has failed.
	Deadline Duration `toml:"deadline"`
	// Table fixes which cells the containers-versus-WASM table rests on.
	Table results.Table `toml:"table"`
	// Matrix lists what is measured; the entries add up.
	Matrix []Entry `toml:"matrix"`
}

// Entry is a part of the matrix: all cells that its lists allow. An empty list
// allows all; the mode "default" stands for what a user gets who changes
// nothing.
type Entry struct {
	Experiment results.Experiment `toml:"experiment"`
	Runners    []string           `toml:"runners"`
	Modes      []string           `toml:"modes"`
	Workloads  []string           `toml:"workloads"`
	Languages  []string           `toml:"languages"`
	Rungs      []results.Rung     `toml:"rungs"`
	// Blocks is the number of trials of each cell.
	Blocks int `toml:"blocks"`
	// MaxBlocks, where it is more than Blocks, bounds the trials of a cell
	// whose interval is wider than the target.
	MaxBlocks int `toml:"max_blocks"`
	// Iterations of a cold start within a trial; none is begun after Duration.
	Iterations int `toml:"iterations"`
	// Spread is over how long these are spread; see results.Trial.
	Spread Duration `toml:"spread"`
	// Duration of a throughput trial, or of a cold-start trial's iterations,
	// or of the growing in a memory or density trial.
	Duration Duration `toml:"duration"`
	// Steps of a memory or density trial, in live instances, ascending.
	Steps []int `toml:"steps"`
	// MemoryBudget of a memory or density trial, in MiB of MemAvailable.
	MemoryBudget uint64 `toml:"memory_budget_mib"`
	// Concurrency of a throughput trial: numbers of workers, 0 for one for
	// each core.
	Concurrency []int `toml:"concurrency"`
	// PageCache of a cold start: "warm", "dropped" or both.
	PageCache []string `toml:"page_cache"`
}

// Duration is a time.Duration that TOML writes as "1m30s".
type Duration time.Duration

// UnmarshalText reads Go's notation.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	*d = Duration(v)
	return err
}

// MarshalText writes Go's notation.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

//go:embed profiles/*.toml
var profiles embed.FS

// Profiles lists the names of the built-in configurations, shortest first.
func Profiles() []string { return []string{"quick", "default", "full"} }

// Profile gives a built-in configuration.
func Profile(name string) (Config, error) {
	b, err := profiles.ReadFile("profiles/" + name + ".toml")
	if err != nil {
		return Config{}, fmt.Errorf("there is no profile %q: choose one of %s", name, strings.Join(Profiles(), ", "))
	}
	return Parse(name+".toml", b)
}

// For gives the same configuration for other builds: what it says of the
// table's is said of them, and all else is left out. The table is of the first.
func (c Config) For(workloads, languages []string) Config {
	var matrix []Entry
	for _, e := range c.Matrix {
		if allows(e.Workloads, c.Table.Workload) && allows(e.Languages, c.Table.Language) {
			e.Workloads, e.Languages = workloads, languages
			matrix = append(matrix, e)
		}
	}
	c.Matrix = matrix
	c.Table.Workload, c.Table.Language = workloads[0], languages[0]
	return c
}

// SpeaksOf says whether any entry is about one of the workloads in one of the
// languages; an empty list stands for all.
func (c Config) SpeaksOf(workloads, languages []string) bool {
	return slices.ContainsFunc(c.Matrix, func(e Entry) bool {
		return !impossible(intersect(e.Workloads, workloads)) && !impossible(intersect(e.Languages, languages))
	})
}

// impossible is what intersect gives for lists with nothing in common.
func impossible(list []string) bool { return len(list) == 1 && list[0] == "" }

// MaxConfig bounds a configuration file, in bytes.
const MaxConfig = 1 << 20

// ReadFile reads a user's configuration.
func ReadFile(path string) (Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, MaxConfig+1))
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration: %w", err)
	}
	if len(b) > MaxConfig {
		return Config{}, fmt.Errorf("the configuration %s is longer than %d bytes", path, MaxConfig)
	}
	return Parse(filepath.Base(path), b)
}

// Parse reads a configuration and checks it. Errors are one line that names
// the place.
func Parse(name string, b []byte) (Config, error) {
	var c Config
	d := toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return c, explain(name, err)
	}
	if err := c.check(); err != nil {
		return c, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

func explain(name string, err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		first := unknown.Errors[0]
		row, _ := first.Position()
		return fmt.Errorf("%s:%d: unknown key %q", name, row, strings.Join(first.Key(), "."))
	}
	var syntax *toml.DecodeError
	if errors.As(err, &syntax) {
		row, column := syntax.Position()
		return fmt.Errorf("%s:%d:%d: %s", name, row, column, strings.TrimPrefix(syntax.Error(), "toml: "))
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("%s: %s", name, text)
}
