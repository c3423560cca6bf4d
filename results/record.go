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
const Schema = 2

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

// Activity beside a trial. Pressure is the share of the trial's time in which some
// task waited for the resource.
const (
	// MachineSteal is the share of all processors' time that the hypervisor
	// gave to others.
	MachineSteal = "steal"
	// MachineOthers is the share of all processors' time that other processes used.
	// It includes what an engine does for a container.
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

// Warning is something about a trial that a reader should know. The code is for
// programs, the text for people.
type Warning struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Codes of warnings.
const (
	// WarnCleanUp: something of the trial could not be removed.
	WarnCleanUp = "clean_up"
	// WarnOther: of a record from before schema 2, whose warnings had no codes.
	WarnOther = "other"
)

// Record is the raw outcome of one trial, one line of records.jsonl.
type Record struct {
	Schema int    `json:"schema"`
	Run    string `json:"run"`
	Seq    int    `json:"seq"`
	Block  int    `json:"block"`
	Cell
	// Kind is what the system took: wasm, script, native or image; "" where nothing was
	// prepared.
	Kind    string    `json:"kind,omitempty"`
	At      time.Time `json:"at"`
	Outcome Outcome   `json:"outcome"`
	// Error says why, when Outcome is not OK.
	Error string `json:"error,omitempty"`
	// Metrics of the trial; empty unless Outcome is OK.
	Metrics []Metric `json:"metrics"`
	// Phases split the time of a start: the values stand at the same index as
	// the iteration's. A phase need not cover the whole of it and phases do not
	// overlap.
	Phases     []Metric    `json:"phases"`
	Histograms []Histogram `json:"histograms,omitempty"`
	// Stop is set for trials that add live instances. ProcessStop says what ended
	// the first process of such a trial where others went on.
	Stop        *Stop `json:"stop,omitempty"`
	ProcessStop *Stop `json:"process_stop,omitempty"`
	// Checks are what an experiment asked that has an answer in a word; none unless
	// Outcome is OK.
	Checks []Check `json:"checks,omitempty"`
	// Machine is what went on beside the trial: shares of its time from 0 to
	// 1, and the load (see MachineSteal and its neighbours). Whether that
	// disturbed the trial is decided when records are analysed.
	Machine  map[string]float64 `json:"machine,omitempty"`
	Warnings []Warning          `json:"warnings"`
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
	case !slices.Contains([]Outcome{OK, Failed, Unavailable}, r.Outcome):
		return fmt.Errorf("outcome %q is unknown", r.Outcome)
	case r.Outcome != OK && strings.TrimSpace(r.Error) == "":
		return fmt.Errorf("outcome is %s without an error", r.Outcome)
	case r.Outcome == OK && r.Error != "":
		return fmt.Errorf("outcome is %s but there is an error: %q", r.Outcome, r.Error)
	case r.Outcome != OK && len(r.Metrics)+len(r.Histograms)+len(r.Checks) > 0:
		return fmt.Errorf("outcome is %s but there are metrics or checks", r.Outcome)
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
	if err := r.validateWords(); err != nil {
		return err
	}
	if err := r.validateChecks(); err != nil {
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

// validateWords checks what is chosen from a list.
func (r *Record) validateWords() error {
	for _, s := range []*Stop{r.Stop, r.ProcessStop} {
		if err := s.validate(); err != nil {
			return err
		}
	}
	if r.Kind != "" && !isName(r.Kind) {
		return fmt.Errorf("kind %q is unknown", r.Kind)
	}
	for _, w := range r.Warnings {
		if !isName(w.Code) {
			return fmt.Errorf("warning %q has the code %q, which is invalid", w.Text, w.Code)
		}
	}
	return nil
}

// validateMetrics checks all that is made of numbers. Names of metrics must be
// unique, since Metric finds a metric by its name.
func (r *Record) validateMetrics() error {
	seen := make(map[string]bool, len(r.Metrics))
	for _, m := range r.Metrics {
		if seen[m.Name] {
			return fmt.Errorf("metric %q occurs twice", m.Name)
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

// checkSchema rejects a document of a format that this program does not know.
func checkSchema(version int) error {
	if version < 1 || version > Schema {
		return fmt.Errorf("schema is %d, this program reads 1 to %d", version, Schema)
	}
	return nil
}

// checkTime rejects a time that is missing, or that JSON can't hold.
func checkTime(at time.Time) error {
	if year := at.UTC().Year(); year < 1970 || year > 9999 {
		return fmt.Errorf("at is missing or lies outside the years 1970 to 9999")
	}
	return nil
}
