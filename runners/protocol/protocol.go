// Package protocol defines the messages between the harness and an agent. Each
// message is a JSON object on a line: a Request on the agent's stdin, then a Reply
// on its stdout. The agent exits when its stdin ends.
//
// There is one exception: on the boot rung the agent writes Answered as soon as it
// has its first response, so that the harness can stop its clock before the Reply
// is composed.
package protocol

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"edgebench/runners"
)

// Answered is the line that ends the timed region of the boot rung.
const Answered = "answered"

// MaxLine bounds a line, in bytes: a request may carry workloads' messages.
const MaxLine = 256 << 20

// Request asks for one thing: exactly one field is set.
type Request struct {
	Check   *Check   `json:"check,omitempty"`
	Prepare *Prepare `json:"prepare,omitempty"`
	Task    *Task    `json:"task,omitempty"`
	Sweep   *Sweep   `json:"sweep,omitempty"`
}

// Check asks for runners.Info.
type Check struct{}

// Prepare asks to make an artefact ready in an empty folder.
type Prepare struct {
	Options  runners.Options  `json:"options"`
	Artefact runners.Artefact `json:"artefact"`
	Dir      string           `json:"dir"`
}

// Subject is the system and the artefact of an experiment.
type Subject struct {
	Options  runners.Options  `json:"options"`
	Prepared runners.Prepared `json:"prepared"`
	// Exchanges are the workload's. A start times the first; a loop of requests
	// uses all of them in rotation.
	Exchanges []runners.Exchange `json:"exchanges"`
	// Patience is how long an agent waits for answers before it says what a program
	// was doing instead; 0 for ever. The harness kills it a little later.
	Patience time.Duration `json:"patience_ns,omitempty"`
}

// Ready gives the options of a runtime that will load what is prepared.
func (s Subject) Ready() runners.Options {
	o := s.Options
	o.Prepared = s.Prepared.Path
	return o
}

// Task is a part of an experiment that an agent carries out. The experiment defines
// its parameters and its result: see the files of package agent.
type Task struct {
	// Name is that of a row in the agent's table of tasks.
	Name       string          `json:"name"`
	Subject    Subject         `json:"subject"`
	Parameters json.RawMessage `json:"parameters"`
}

// NewTask asks for a task.
func NewTask(name string, s Subject, parameters any) (Request, error) {
	b, err := json.Marshal(parameters)
	if err != nil {
		return Request{}, fmt.Errorf("compose the task %s: %w", name, err)
	}
	return Request{Task: &Task{Name: name, Subject: s, Parameters: b}}, nil
}

// Sweep asks to remove what a dead agent left under a scope.
type Sweep struct {
	Scope string `json:"scope"`
}

// Reply answers a Request: Error, or the field that belongs to it.
type Reply struct {
	Error    *Error            `json:"error,omitempty"`
	Info     *runners.Info     `json:"info,omitempty"`
	Prepared *runners.Prepared `json:"prepared,omitempty"`
	// Result is that of a task.
	Result json.RawMessage `json:"result,omitempty"`
	Done   bool            `json:"done,omitempty"`
}

// Decode reads the result of a task.
func (r Reply) Decode(v any) error {
	if len(r.Result) == 0 {
		return errors.New("the agent gave no result")
	}
	if err := json.Unmarshal(r.Result, v); err != nil {
		return fmt.Errorf("read the agent's result: %w", err)
	}
	return nil
}

// Error is an error that the protocol transports. Kind names the error of package
// runners that it wraps, so that errors.Is still works.
type Error struct {
	Kind    string `json:"kind,omitempty"`
	Message string `json:"message"`
}

// kinds are the errors that keep their identity. One that wraps another stands before
// it.
var kinds = []struct {
	name string
	err  error
}{
	{"trap", runners.ErrTrap},
	{"wrong_response", runners.ErrWrongResponse},
	{"too_large", runners.ErrTooLarge},
	{"malformed", runners.ErrMalformed},
	{"interface", runners.ErrInterface},
	{"unavailable", runners.ErrUnavailable},
	{"closed", runners.ErrClosed},
}

// NewError packs an error; nil stays nil.
func NewError(err error) *Error {
	if err == nil {
		return nil
	}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return &Error{Kind: k.name, Message: err.Error()}
		}
	}
	return &Error{Message: err.Error()}
}

// Error gives the message.
func (e *Error) Error() string { return e.Message }

// Unwrap gives the error of package runners that the message stands for.
func (e *Error) Unwrap() error {
	for _, k := range kinds {
		if k.name == e.Kind {
			return k.err
		}
	}
	return nil
}
