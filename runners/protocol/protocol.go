// Package protocol is the conversation between the harness and an agent: one
// JSON object a line, a Request on the agent's stdin, a Reply on its stdout,
// strictly in turn. The agent leaves when its stdin ends.
//
// One line is out of turn: on the boot rung the agent writes Answered the
// moment its first response is there, so that the harness can stop its clock
// without waiting for the Reply to be composed.
package protocol

import (
	"errors"
	"time"

	"edgebench/results"
	"edgebench/runners"
)

// Answered is the line of the boot rung.
const Answered = "answered"

// MaxLine bounds a line, in bytes: a request may carry workloads' messages.
const MaxLine = 256 << 20

// Request asks for one thing: exactly one field is set. Direct is Measure by a
// loop against the runner's library alone (runners.Director).
type Request struct {
	Check    *Check    `json:"check,omitempty"`
	Prepare  *Prepare  `json:"prepare,omitempty"`
	Measure  *Measure  `json:"measure,omitempty"`
	Direct   *Measure  `json:"direct,omitempty"`
	Saturate *Saturate `json:"saturate,omitempty"`
	Open     *Open     `json:"open,omitempty"`
	Grow     *Grow     `json:"grow,omitempty"`
	Sweep    *Sweep    `json:"sweep,omitempty"`
}

// Check asks for runners.Info.
type Check struct{}

// Prepare asks to make an artefact ready in an empty folder.
type Prepare struct {
	Options  runners.Options  `json:"options"`
	Artefact runners.Artefact `json:"artefact"`
	Dir      string           `json:"dir"`
}

// Subject is what an experiment is done with.
type Subject struct {
	Options  runners.Options  `json:"options"`
	Prepared runners.Prepared `json:"prepared"`
	// Exchanges are the workload's; the first is the one whose response is
	// timed on the rungs, all of them take turns under saturation.
	Exchanges []runners.Exchange `json:"exchanges"`
}

// Measure asks for the time to the first verified response on a rung.
type Measure struct {
	Subject
	Rung results.Rung `json:"rung"`
	// Iterations is how often it is done; none is begun after Within.
	Iterations int           `json:"iterations"`
	Within     time.Duration `json:"within_ns"`
	// Turns are the exchanges, by their indices, that the iterations time one
	// after another, over and over; none means the first, always.
	Turns []int `json:"turns,omitempty"`
	// Spread is over how long they are spread: between two of them it is done
	// as often as there is time for.
	Spread time.Duration `json:"spread_ns,omitempty"`
	// Pace is the longest reading of the pace that a core gives which is ours
	// alone, where that is known: it is done until there were enough of them.
	Pace time.Duration `json:"pace_ns,omitempty"`
	// Slow makes each iteration longer by this share of what it took, up to
	// results.MaxSlowed; a direct loop knows no slowness.
	Slow float64 `json:"slow,omitempty"`
}

// Saturate asks for a closed loop: each worker sends its next request when the
// response to its last one is there and has been verified.
type Saturate struct {
	Subject
	Workers  int           `json:"workers"`
	Duration time.Duration `json:"duration_ns"`
	// Fresh gives each request an instance of its own.
	Fresh bool `json:"fresh"`
	// Slow makes each request longer by this share of its latency.
	Slow float64 `json:"slow,omitempty"`
}

// Open asks to boot and load; Grow then adds instances.
type Open struct {
	Subject
}

// Grow asks for To live instances, each of which has answered one request.
// None is begun after Within.
type Grow struct {
	To     int           `json:"to"`
	Within time.Duration `json:"within_ns"`
}

// Sweep asks to remove what a dead agent left under a scope.
type Sweep struct {
	Scope string `json:"scope"`
}

// Reply answers a Request: Error, or the field that belongs to it.
type Reply struct {
	Error     *Error            `json:"error,omitempty"`
	Info      *runners.Info     `json:"info,omitempty"`
	Prepared  *runners.Prepared `json:"prepared,omitempty"`
	Measured  *Measured         `json:"measured,omitempty"`
	Saturated *Saturated        `json:"saturated,omitempty"`
	Grown     *Grown            `json:"grown,omitempty"`
	Done      bool              `json:"done,omitempty"`
}

// Measured are the raw times of a rung, one for each iteration.
type Measured struct {
	FirstResponse []time.Duration `json:"first_response_ns"`
	// Least is the least time of all Iterations, those between two that are kept
	// included. A direct loop does not give it.
	Least      time.Duration `json:"least_ns,omitempty"`
	Iterations int           `json:"iterations,omitempty"`
	// Pace is what readings of the pace met twice, and once more for each tenth of
	// a millisecond that an iteration takes: the time of a fixed piece of work that
	// is longer where the core is shared. 0 where there was no time for as many.
	Pace time.Duration `json:"pace_ns,omitempty"`
	// Phases stand in the order in which they ended; each has a value for
	// each iteration, 0 where an iteration did not mark it.
	Phases []Phase `json:"phases"`
	// Empty is the median time between two reads of the clock with nothing
	// between them, taken in this process.
	Empty time.Duration `json:"empty_ns"`
}

// Phase is one phase over all iterations.
type Phase struct {
	Name   string          `json:"name"`
	Values []time.Duration `json:"values_ns"`
}

// Saturated is the outcome of a closed loop.
type Saturated struct {
	Requests uint64        `json:"requests"`
	Elapsed  time.Duration `json:"elapsed_ns"`
	// Latency is a HDR histogram in nanoseconds, compressed, in base64.
	Latency string `json:"latency"`
}

// Grown says how far the live instances have come.
type Grown struct {
	Live    int             `json:"live"`
	Elapsed time.Duration   `json:"elapsed_ns"`
	Payers  *runners.Payers `json:"payers,omitempty"`
	// Stopped is why no more could be added, "" where To was reached.
	Stopped string `json:"stopped,omitempty"`
}

// Error is an error on its way through the protocol. Kind keeps what errors.Is
// can tell.
type Error struct {
	Kind    string `json:"kind,omitempty"`
	Message string `json:"message"`
}

var kinds = map[string]error{
	"trap":           runners.ErrTrap,
	"wrong_response": runners.ErrWrongResponse,
	"too_large":      runners.ErrTooLarge,
	"malformed":      runners.ErrMalformed,
	"unavailable":    runners.ErrUnavailable,
	"closed":         runners.ErrClosed,
}

// NewError packs an error; nil stays nil.
func NewError(err error) *Error {
	if err == nil {
		return nil
	}
	for kind, is := range kinds {
		if errors.Is(err, is) {
			return &Error{Kind: kind, Message: err.Error()}
		}
	}
	return &Error{Message: err.Error()}
}

// Error gives the message.
func (e *Error) Error() string { return e.Message }

// Unwrap gives the error of package runners that the message stands for.
func (e *Error) Unwrap() error { return kinds[e.Kind] }
