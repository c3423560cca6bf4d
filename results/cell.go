package results

import "fmt"

// Rung says what already exists when the clock of a start begins. Every rung
// ends at the first verified response. It is a parameter of the experiments
// that start something (RungParam).
type Rung string

// The rungs of the cold-start ladder, from the coldest to the hottest.
const (
	// Deploy starts from an artefact that this node has never seen.
	Deploy Rung = "deploy"
	// Boot starts from an artefact prepared on disk with no runtime running.
	Boot Rung = "boot"
	// Cold starts from a running runtime and an artefact prepared on disk.
	Cold Rung = "cold"
	// Pooled starts from an instance that is as ready as possible without having served a request.
	Pooled Rung = "pooled"
	// Hot starts from a live instance that has already served a request.
	Hot Rung = "hot"
)

// Rungs lists the ladder in its order, coldest first.
func Rungs() []Rung { return []Rung{Deploy, Boot, Cold, Pooled, Hot} }

// Loaded says whether the rung begins with something that is in memory already.
// Its iterations are so short that the state of the core decides them.
func (r Rung) Loaded() bool { return r == Pooled || r == Hot }

// Experiment names the question that a trial asks. The experiments themselves
// are in bench/experiment.
type Experiment string

// System is a runner in a mode.
type System struct {
	Runner string `json:"runner" toml:"runner"`
	Mode   string `json:"mode" toml:"mode"`
}

// String gives "runner/mode".
func (s System) String() string { return s.Runner + "/" + s.Mode }

// Artefact names one build of a workload: a language, and what sets the build
// apart from the plain one, such as "rust" and "rust+snapshot".
type Artefact struct {
	Workload string `json:"workload" toml:"workload"`
	Build    string `json:"build" toml:"build"`
}

// String gives "workload in build".
func (a Artefact) String() string { return a.Workload + " in " + a.Build }

// Cell is one point of the matrix: a system with an artefact in an experiment
// with its parameters. It is comparable.
type Cell struct {
	System     `json:"system"`
	Artefact   `json:"artefact"`
	Experiment Experiment `json:"experiment"`
	Params     Params     `json:"params"`
}

// Rung is the cell's parameter of that name, "" where its experiment has none.
func (c Cell) Rung() Rung { return c.Params.Rung() }

// String gives the cell as key=value pairs in the Go benchmark format's name
// syntax, e.g. "experiment=coldstart/runner=wazero/mode=compiler/workload=noop/build=c/page_cache=warm/rung=cold".
func (c Cell) String() string {
	s := fmt.Sprintf("experiment=%s/runner=%s/mode=%s/workload=%s/build=%s",
		c.Experiment, c.Runner, c.Mode, c.Workload, c.Build)
	if c.Params != "" {
		s += "/" + string(c.Params)
	}
	return s
}

func (c Cell) validate() error {
	for _, name := range []string{c.Runner, c.Mode, c.Workload, c.Build, string(c.Experiment)} {
		if !isName(name) {
			return fmt.Errorf("cell %q is incomplete or has an invalid name", c)
		}
	}
	if err := c.Params.validate(); err != nil {
		return fmt.Errorf("cell %q: %w", c, err)
	}
	return nil
}

// isName reports whether s can be a value in the name of a Go benchmark, and
// a name in an error of one line: printable ASCII without space, "/" and "=".
func isName(s string) bool {
	for _, b := range []byte(s) {
		if b <= ' ' || b > '~' || b == '/' || b == '=' {
			return false
		}
	}
	return s != ""
}
