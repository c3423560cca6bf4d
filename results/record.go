package results

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Schema is the version of the record format that this package writes. A
// change of meaning raises it; older versions stay readable.
const Schema = 1

// Rung says what already exists when the clock of a cold start begins. Every
// rung ends at the first verified response.
type Rung string

// The rungs of the cold-start ladder, from the coldest to the hottest.
const (
	// Deploy starts from an artefact that this node has never seen.
	Deploy Rung = "deploy"
	// Boot starts from an artefact prepared on disk with no runtime running.
	Boot Rung = "boot"
	// Cold starts from a running runtime and an artefact prepared on disk.
	Cold Rung = "cold"
	// Pooled starts from all that can be made ready without serving anyone.
	Pooled Rung = "pooled"
	// Hot starts from a live instance that has already served a request.
	Hot Rung = "hot"
)

// Rungs lists the ladder in its order, coldest first.
func Rungs() []Rung { return []Rung{Deploy, Boot, Cold, Pooled, Hot} }

// Ready says whether the rung begins with something that is loaded already: it is
// short enough for the moment to decide.
func (r Rung) Ready() bool { return r == Pooled || r == Hot }

// Experiment is the question that a trial asks of a cell.
type Experiment string

// The experiments.
const (
	// ColdStart asks for the time to the first verified response on the
	// cell's rung.
	ColdStart Experiment = "coldstart"
	// Memory asks what each further live instance costs the node.
	Memory Experiment = "memory"
	// Density asks how many live instances the node carries and what stops it.
	Density Experiment = "density"
	// Throughput asks for requests per second and latency in a closed loop.
	// On the hot rung one instance for each worker is reused; on the pooled or
	// cold rung each request gets a fresh instance.
	Throughput Experiment = "throughput"
	// Size asks how large the artefact is: as built, as shipped, compressed,
	// and as a node keeps it.
	Size Experiment = "size"
)

// Experiments lists all experiments in the order in which they are reported.
func Experiments() []Experiment {
	return []Experiment{ColdStart, Memory, Density, Throughput, Size}
}

// Cell is one point of the matrix.
type Cell struct {
	Runner   string `json:"runner"`
	Mode     string `json:"mode"`
	Workload string `json:"workload"`
	Language string `json:"language"`
	Rung     Rung   `json:"rung"`
}

// PaceSlack is the share by which the Pace of a core that is ours alone is longer,
// at most, than the best ones of a run's trials of a runner and rung.
const PaceSlack = 0.03

// Paced names by a runner and a rung alone whose Pace is alike: it depends a little
// on what is done between the readings.
func (c Cell) Paced() Cell { return Cell{Runner: c.Runner, Rung: c.Rung} }

// String gives the cell as key=value pairs in the Go benchmark format's name
// syntax, e.g. "runner=wazero/mode=compiler/workload=noop/language=c/rung=cold".
func (c Cell) String() string {
	return fmt.Sprintf("runner=%s/mode=%s/workload=%s/language=%s/rung=%s",
		c.Runner, c.Mode, c.Workload, c.Language, c.Rung)
}

// System names runner and mode, e.g. "wazero/compiler".
func (c Cell) System() string { return c.Runner + "/" + c.Mode }

// Outcome says how a trial ended.
type Outcome string

// The outcomes. Only OK records carry metrics that may enter a statistic.
const (
	OK          Outcome = "ok"
	Failed      Outcome = "failed"
	Unavailable Outcome = "unavailable"
)

// Units of metrics, named as in the Go benchmark format.
const (
	Seconds           = "sec"
	Bytes             = "B"
	Count             = "count"
	RequestsPerSecond = "req/sec"
)

// Metric names. A metric's values are its raw values in the order in which
// they were taken.
const (
	// FirstResponse is the time from the start of the rung to the first
	// verified response, one value for each iteration.
	FirstResponse = "first_response"
	// LeastResponse is the least of a trial's times to the first verified
	// response, those included that lie between two which FirstResponse keeps.
	// Absent where the trial did it once.
	LeastResponse = "first_response_least"
	// Iterations is the number of times that LeastResponse is the least of.
	Iterations = "iterations"
	// Pace is the time in which, between the iterations of a trial, a fixed piece of
	// work was done more than once that has nothing to do with any runtime. Where it
	// is longer than in other trials of a run, another thread of the processor's
	// core was busy all the time, and LeastResponse is longer for that.
	Pace = "pace"
	// EmptyMeasurement is the median cost of a timed region with nothing in
	// it, taken in the same process: what the clock itself adds.
	EmptyMeasurement = "empty_measurement"
	// Instances is the number of live instances that have answered, one value
	// for each step of a memory or density trial.
	Instances = "instances"
	// ProportionalSetSize is the sum of PSS over all processes that pay for
	// the instances (agent, workloads, shims, the daemon), one value a step.
	ProportionalSetSize = "pss"
	// PageTables is the sum of their page tables, one value a step.
	PageTables = "page_tables"
	// CgroupCharge is what the control groups of the instances are charged,
	// one value a step. Absent where instances have no group of their own.
	CgroupCharge = "cgroup_charge"
	// AvailableDrop is how far the node's MemAvailable has fallen since the
	// step with no instances, one value a step.
	AvailableDrop = "available_drop"
	// StepTime is the time in which the step's instances were added.
	StepTime = "step_time"
	// RequestRate is the number of verified responses divided by the time.
	RequestRate = "request_rate"
	// Latency names the histogram of a throughput trial.
	Latency = "latency"
	// ArtefactSize is the size in bytes of what is sent to a node, uncompressed:
	// the module, the binary, the archive of an image.
	ArtefactSize = "artefact_size"
	// PreparedSize is the size in bytes of what the node keeps on disk for it:
	// compiled code for a runtime that keeps it, the unpacked image.
	PreparedSize = "prepared_size"
	// CompressedSize is how many bytes a registry would hold and send: the
	// module or binary, or each layer of the image, by gzip at level 6.
	CompressedSize = "compressed_size"
	// UncompressedSize is the sum of an image's layers, as tar, in bytes.
	// Containers alone have it.
	UncompressedSize = "uncompressed_size"
	// Layers is the number of an image's layers. Containers alone have it.
	Layers = "layers"
)

// Sizes lists the metrics of the experiment Size in the order in which they are
// shown. All of them are counted and not measured: they have no noise.
func Sizes() []string {
	return []string{ArtefactSize, CompressedSize, UncompressedSize, Layers, PreparedSize}
}

// Condition names.
const (
	// PageCache is "warm" or "dropped".
	PageCache = "page_cache"
	// Concurrency is the number of workers of a throughput trial.
	Concurrency = "concurrency"
)

// StoppedBy is the fact that names what ended a memory or density trial. A
// value that begins with BudgetPrefix is a budget of the plan and no limit of
// the node.
const (
	StoppedBy    = "stopped_by"
	BudgetPrefix = "budget"
)

// ArtefactKind is the fact of a size trial that names the kind of artefact:
// wasm, native or image. A native artefact in a container is shipped as an
// image that holds it alone.
const ArtefactKind = "artefact_kind"

// What goes on beside a trial. A share of pressure is of the trial's time in
// which some task waited for the resource.
const (
	// MachineSteal is the share of all processors' time that the hypervisor
	// gave to others.
	MachineSteal = "steal"
	// MachineOthers is the share of all processors' time that other processes
	// had. What an engine does for a container is among it.
	MachineOthers = "others"
	// MachineThrottled is the share of the time in which a quota held it up.
	MachineThrottled = "throttled"
	// MachineLoad is the load average of the last minute, in tasks.
	MachineLoad = "load"
	// Shares of the time in which some task waited for a processor, for
	// memory to be reclaimed or read back, or for a disk.
	MachineCPUPressure    = "cpu_pressure"
	MachineMemoryPressure = "memory_pressure"
	MachineIOPressure     = "io_pressure"
)

// Metric is a named list of raw values in one unit.
type Metric struct {
	Name   string    `json:"name"`
	Unit   string    `json:"unit"`
	Values []float64 `json:"values"`
}

// Histogram is a distribution with too many values to keep one by one: a HDR
// histogram (three significant digits) in its compressed base64 form. A value
// of the histogram times Scale is in Unit.
type Histogram struct {
	Name    string  `json:"name"`
	Unit    string  `json:"unit"`
	Scale   float64 `json:"scale"`
	Encoded string  `json:"encoded"`
}

// Record is the raw outcome of one trial, one line of records.jsonl.
type Record struct {
	Schema     int        `json:"schema"`
	Run        string     `json:"run"`
	Seq        int        `json:"seq"`
	Block      int        `json:"block"`
	Experiment Experiment `json:"experiment"`
	Cell       Cell       `json:"cell"`
	At         time.Time  `json:"at"`
	Outcome    Outcome    `json:"outcome"`
	// Error says why, when Outcome is not OK.
	Error string `json:"error,omitempty"`
	// Metrics of the trial; empty unless Outcome is OK.
	Metrics []Metric `json:"metrics"`
	// Phases split first_response: the values stand at the same index. A
	// phase need not cover the whole of it and phases do not overlap.
	Phases     []Metric    `json:"phases"`
	Histograms []Histogram `json:"histograms,omitempty"`
	// Conditions are fixed by the plan before the trial (see PageCache).
	Conditions map[string]string `json:"conditions"`
	// Facts are found by the trial and are not numbers, e.g. "stopped_by".
	Facts map[string]string `json:"facts,omitempty"`
	// Machine is what went on beside the trial: shares of its time from 0 to
	// 1, and the load (see MachineSteal and its neighbours).
	Machine map[string]float64 `json:"machine,omitempty"`
	// Disturbed says in words what of it the figures may show.
	Disturbed []string `json:"disturbed,omitempty"`
	Warnings  []string `json:"warnings"`
}

// Metric returns the metric of that name, and whether the record has it.
func (r *Record) Metric(name string) (Metric, bool) {
	for _, m := range r.Metrics {
		if m.Name == name {
			return m, true
		}
	}
	return Metric{}, false
}

// Validate reports the first thing that makes the record unusable, or nil. It
// checks what a reader relies on; results/schema.json says the same to others.
func (r *Record) Validate() error {
	switch {
	case r.Run == "":
		return fmt.Errorf("run is missing")
	case r.Seq < 0 || r.Block < 0:
		return fmt.Errorf("seq and block must not be negative")
	case !slices.Contains(Experiments(), r.Experiment):
		return fmt.Errorf("experiment %q is unknown", r.Experiment)
	case !slices.Contains([]Outcome{OK, Failed, Unavailable}, r.Outcome):
		return fmt.Errorf("outcome %q is unknown", r.Outcome)
	case r.Outcome != OK && strings.TrimSpace(r.Error) == "":
		return fmt.Errorf("outcome is %s without an error", r.Outcome)
	case r.Outcome == OK && r.Error != "":
		return fmt.Errorf("outcome is %s but there is an error: %q", r.Outcome, r.Error)
	case r.Outcome != OK && len(r.Metrics)+len(r.Histograms) > 0:
		return fmt.Errorf("outcome is %s but there are metrics", r.Outcome)
	}
	if err := checkSchema(r.Schema); err != nil {
		return err
	}
	if err := checkTime(r.At); err != nil {
		return err
	}
	if err := r.Cell.validate(); err != nil {
		return err
	}
	if err := r.validateMachine(); err != nil {
		return err
	}
	return r.validateMetrics()
}

// maxMachine bounds what a record says of the machine.
const maxMachine = 16

func (r *Record) validateMachine() error {
	if len(r.Machine) > maxMachine {
		return fmt.Errorf("machine has %d figures, at most %d are read", len(r.Machine), maxMachine)
	}
	for name, v := range r.Machine {
		if !isName(name) || !(v >= 0) || math.IsInf(v, 0) {
			return fmt.Errorf("machine: %q is %v", name, v)
		}
	}
	return nil
}

// validateMetrics checks all that is made of numbers. Two metrics of one name
// would make it a matter of luck which of them Metric finds.
func (r *Record) validateMetrics() error {
	seen := make(map[string]bool, len(r.Metrics))
	for _, m := range r.Metrics {
		if seen[m.Name] {
			return fmt.Errorf("metric %q is there twice", m.Name)
		}
		seen[m.Name] = true
		if err := m.validate(); err != nil {
			return err
		}
	}
	for _, m := range r.Phases {
		if err := m.validate(); err != nil {
			return err
		}
	}
	for _, h := range r.Histograms {
		if h.Name == "" || h.Unit == "" || h.Encoded == "" || !(h.Scale > 0) || math.IsInf(h.Scale, 0) {
			return fmt.Errorf("histogram %q in unit %q has the scale %v and %d characters", h.Name, h.Unit, h.Scale, len(h.Encoded))
		}
	}
	return nil
}

func (m Metric) validate() error {
	if m.Name == "" || m.Unit == "" || len(m.Values) == 0 {
		return fmt.Errorf("metric %q in unit %q has %d values", m.Name, m.Unit, len(m.Values))
	}
	for _, v := range m.Values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("metric %q has the value %v", m.Name, v)
		}
	}
	return nil
}

func (c Cell) validate() error {
	switch {
	case !slices.Contains(Rungs(), c.Rung):
		return fmt.Errorf("rung %q is unknown", c.Rung)
	case !isName(c.Runner) || !isName(c.Mode) || !isName(c.Workload) || !isName(c.Language):
		return fmt.Errorf("cell %q is incomplete or has a name that is none", c)
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

// checkSchema refuses a document of a format that this program does not know.
func checkSchema(version int) error {
	if version < 1 || version > Schema {
		return fmt.Errorf("schema is %d, this program reads 1 to %d", version, Schema)
	}
	return nil
}

// checkTime refuses a moment that is missing, and one that JSON can't hold.
func checkTime(at time.Time) error {
	if year := at.UTC().Year(); year < 1970 || year > 9999 {
		return fmt.Errorf("at is missing or lies outside the years 1970 to 9999")
	}
	return nil
}
