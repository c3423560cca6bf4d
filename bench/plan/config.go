package plan

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pelletier/go-toml/v2"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
)

// Config is what to measure, read from a profile or a user's file (TOML; unknown
// keys are rejected).
type Config struct {
	// Profile names the configuration in reports.
	Profile string `toml:"profile"`
	// Budget is how long the trials may take in all. Where it has no time for all of
	// them, the entries that stand last get fewer or none.
	Budget experiment.Duration `toml:"budget"`
	// Target is how narrow the interval of a cold start's median is to become,
	// as a part of the median to each side; 0 asks for no adaptive trials.
	Target float64 `toml:"target"`
	// Deadline is the time after which a trial is stopped and fails.
	Deadline experiment.Duration `toml:"deadline"`
	// Preparations is how often each artefact is prepared anew during a run, 0 for the
	// usual number.
	Preparations int `toml:"preparations"`
	// Runners are measured where none is asked for by name; an empty list allows all.
	Runners []string `toml:"runners"`
	// Table fixes which cells the containers-versus-WASM table rests on. A configuration
	// without one has the suite's (SuiteTable).
	Table results.Table `toml:"table"`
	// Libraries of the user's are linked in place of runners' own, each by a runner
	// beside them.
	Libraries []runners.OwnLibrary `toml:"library"`
	// Matrix lists what is measured; the entries add up.
	Matrix []Entry `toml:"-"`
}

// Entry is a part of the matrix: all cells that its lists and its experiment's
// parameters allow. An empty list allows all; the mode "default" stands for what
// a user gets who changes nothing. Runners may name systems (see AllowsSystem).
type Entry struct {
	Experiment results.Experiment `toml:"experiment"`
	Runners    []string           `toml:"runners"`
	Modes      []string           `toml:"modes"`
	Workloads  []string           `toml:"workloads"`
	Builds     []string           `toml:"builds"`
	// Kinds of artefacts that are measured (module, executable, image).
	Kinds []runners.Kind `toml:"kinds"`
	// Blocks is the number of trials of each cell.
	Blocks int `toml:"blocks"`
	// MaxBlocks, where it is more than Blocks, bounds the trials of a cell
	// whose interval is wider than the target.
	MaxBlocks int `toml:"max_blocks"`
	// Parameters are the experiment's own keys.
	Parameters experiment.Parameters `toml:"-"`
}

//go:embed profiles/*.toml
var profiles embed.FS

//go:embed table.toml
var suiteTable []byte

// SuiteTable gives the table of classes that the built-in configurations share.
func SuiteTable() (results.Table, error) {
	var c struct {
		Table results.Table `toml:"table"`
	}
	err := toml.NewDecoder(bytes.NewReader(suiteTable)).DisallowUnknownFields().Decode(&c)
	if err != nil {
		err = fmt.Errorf("read the suite's table: %w", err)
	}
	return c.Table, err
}

// Profiles lists the names of the built-in configurations, shortest first.
func Profiles() []string { return []string{"quick", "default", "full", "deep"} }

// Profile gives a built-in configuration.
func Profile(name string) (Config, error) {
	b, err := profiles.ReadFile("profiles/" + name + ".toml")
	if err != nil {
		return Config{}, results.Unknown("profile", name, Profiles())
	}
	return Parse(name+".toml", b)
}

// OwnDeadline is the least deadline of a trial of a user's program in a profile of the
// suite's, which does not know it: a runtime may take a quarter of a minute to compile a
// module of some megabytes.
const OwnDeadline = experiment.Duration(time.Minute)

// For gives the same configuration for other builds: these replace the table's
// build, and all other builds are left out. The table shows the first of them.
func (c Config) For(workloads, builds []string) Config {
	var matrix []Entry
	for _, e := range c.Matrix {
		if allows(e.Workloads, c.Table.Workload) && allows(e.Builds, c.Table.Build) {
			e.Workloads, e.Builds = workloads, builds
			matrix = append(matrix, e)
		}
	}
	c.Matrix = matrix
	c.Table = tableFor(c.Table, workloads, builds)
	return c
}

// tableFor gives the table for other artefacts. It has a class for each way of
// running them: what kind of image or module they are is not known.
func tableFor(t results.Table, workloads, builds []string) results.Table {
	var artefacts []results.Artefact
	for _, w := range workloads {
		for _, b := range builds {
			artefacts = append(artefacts, results.Artefact{Workload: w, Build: b})
		}
	}
	var classes []results.Class
	for _, c := range t.Classes {
		c.What, c.Artefacts = "", artefacts
		i := slices.IndexFunc(classes, func(x results.Class) bool { return x.Side == c.Side && x.How == c.How })
		if i < 0 {
			c.Systems = slices.Clone(c.Systems)
			classes = append(classes, c)
			continue
		}
		classes[i].Lead = classes[i].Lead || c.Lead
		for _, s := range c.Systems {
			if !slices.Contains(classes[i].Systems, s) {
				classes[i].Systems = append(classes[i].Systems, s)
			}
		}
	}
	t.Artefact, t.Classes = artefacts[0], classes
	return t
}

// Covers says whether any entry is about one of the workloads in one of the
// builds; an empty list stands for all.
func (c Config) Covers(workloads, builds []string) bool {
	return slices.ContainsFunc(c.Matrix, func(e Entry) bool {
		return !impossible(intersect(e.Workloads, workloads)) && !impossible(intersect(e.Builds, builds))
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
	c, err := Parse(filepath.Base(path), b)
	for i, l := range c.Libraries {
		if !filepath.IsAbs(l.Path) {
			c.Libraries[i].Path = filepath.Join(filepath.Dir(path), l.Path)
		}
	}
	return c, err
}
