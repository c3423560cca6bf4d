package agent

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"edgebench/runners"
	"edgebench/runners/protocol"
)

// EvaluateTask runs modules and says how each request ended (Evaluate → Evaluated). It measures no
// time. The task's subject names the mode alone: what is prepared of it is not used.
const EvaluateTask = "evaluate"

// Evaluate asks for modules to be run, one after the other, each in a runtime that is
// started for it.
type Evaluate struct {
	Modules []Module `json:"modules"`
}

// Module is a module with its requests.
type Module struct {
	Name string `json:"name"`
	// Kind is Wasm or Component; "" is Wasm.
	Kind      runners.Kind      `json:"kind,omitempty"`
	Code      []byte            `json:"code"`
	Interface runners.Interface `json:"interface,omitempty"`
	// Files is a folder that the guest finds: see runners.Artefact.
	Files string `json:"files,omitempty"`
	// Requests go to one instance in their order. After a failure the next request
	// goes to a new instance.
	Requests [][]byte `json:"requests"`
	// AfterTrap is sent to an instance after each trap but that of the stack, for what
	// the trap has left in it; nil for nothing.
	AfterTrap []byte `json:"after_trap,omitempty"`
}

// Evaluated has the outcomes of each module.
type Evaluated struct {
	Modules []ModuleOutcome `json:"modules"`
}

// Stage is how far a module came.
type Stage string

// The stages. StagePrepare and StageLoad hold what compiles.
const (
	StagePrepare     Stage = "prepare"
	StageLoad        Stage = "load"
	StageInstantiate Stage = "instantiate"
	StageCall        Stage = "call"
	StageClose       Stage = "close"
)

// ModuleOutcome is what became of a module: it was refused at a stage before calls, or
// its requests have an outcome each.
type ModuleOutcome struct {
	Refused  *Failure      `json:"refused,omitempty"`
	Requests []CallOutcome `json:"requests,omitempty"`
}

// CallOutcome is a response, or why there is none.
type CallOutcome struct {
	Response []byte   `json:"response,omitempty"`
	Failure  *Failure `json:"failure,omitempty"`
	// State is the response to Module.AfterTrap; nil where none can be had.
	State []byte `json:"state,omitempty"`
}

// Failure is an error at a stage. Trap is "" for one that is no trap.
type Failure struct {
	Stage Stage           `json:"stage"`
	Trap  runners.Trap    `json:"trap,omitempty"`
	Error *protocol.Error `json:"error"`
}

func failureAt(s Stage, err error) *Failure {
	return &Failure{Stage: s, Trap: runners.TrapOf(err), Error: protocol.NewError(err)}
}

func evaluate(ctx context.Context, s *server, q protocol.Task) (any, error) {
	p, err := read[Evaluate](q)
	if err != nil {
		return nil, err
	}
	found := Evaluated{Modules: make([]ModuleOutcome, len(p.Modules))}
	for i, m := range p.Modules {
		dir := filepath.Join(q.Subject.Options.Scratch, "module"+strconv.Itoa(i))
		if found.Modules[i], err = s.evaluateModule(ctx, q.Subject.Options, m, dir); err != nil {
			return nil, fmt.Errorf("evaluate the module %s: %w", m.Name, err)
		}
	}
	return found, nil
}

// evaluateModule runs one module in a folder that it makes and removes. An error is the
// harness's; what the runtime does with the module is the outcome.
func (s *server) evaluateModule(ctx context.Context, options runners.Options, m Module, dir string) (o ModuleOutcome, err error) {
	// An agent that was ended at a module has left its folder.
	if err := os.RemoveAll(dir); err != nil {
		return o, err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return o, err
	}
	defer func() { err = firstError(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "module.wasm")
	if err := os.WriteFile(path, m.Code, 0o600); err != nil {
		return o, err
	}
	sum := sha256.Sum256(m.Code)
	a := runners.Artefact{
		Workload: "probe", Language: "wasm", Kind: cmp.Or(m.Kind, runners.Wasm), Path: path,
		SHA256: hex.EncodeToString(sum[:]), Size: uint64(len(m.Code)), Interface: m.Interface, Files: m.Files,
	}
	kept := filepath.Join(dir, "kept")
	if err := os.Mkdir(kept, 0o700); err != nil {
		return o, err
	}
	p, err := s.prepare(ctx, protocol.Prepare{Options: options, Artefact: a, Dir: kept})
	if err != nil {
		o.Refused = failureAt(StagePrepare, err)
		return o, nil
	}
	options.Prepared = p.Path
	return s.run(ctx, options, p, m)
}

// run loads what is prepared of a module and sends it requests. An error is the harness's.
func (s *server) run(ctx context.Context, options runners.Options, p runners.Prepared, m Module) (o ModuleOutcome, err error) {
	rt, err := s.runner.Boot(ctx, options)
	if err != nil {
		return o, fmt.Errorf("boot: %w", err)
	}
	defer func() { err = firstError(err, rt.Close()) }()
	loaded, err := rt.Load(ctx, p, nil)
	if err != nil {
		o.Refused = failureAt(StageLoad, err)
		return o, nil
	}
	defer func() { err = firstError(err, loaded.Close(), remove(ctx, rt, p)) }()
	o.Requests = make([]CallOutcome, len(m.Requests))
	c := caller{loaded: loaded, once: p.Artefact.Interface.SingleShot(), afterTrap: m.AfterTrap}
	for i, request := range m.Requests {
		o.Requests[i] = c.call(ctx, request)
		if f := o.Requests[i].Failure; f != nil && f.Stage == StageInstantiate {
			o.Refused, o.Requests = f, nil
			break
		}
	}
	return o, c.end()
}

// caller sends requests to an instance, and to a new one after a failure.
type caller struct {
	loaded runners.Loaded
	live   runners.Instance // nil for none
	once   bool             // an instance answers one request
	// afterTrap is Module.AfterTrap.
	afterTrap []byte
}

func (c *caller) call(ctx context.Context, request []byte) (o CallOutcome) {
	if c.live == nil {
		in, err := c.loaded.Instantiate(ctx, nil)
		if err != nil {
			return CallOutcome{Failure: failureAt(StageInstantiate, err)}
		}
		c.live = in
	}
	response, err := c.live.Call(ctx, nil, request)
	if err == nil {
		o.Response = response
	} else {
		o.Failure = failureAt(StageCall, err)
		o.State = c.state(ctx, o.Failure.Trap)
	}
	if err != nil || c.once {
		if err := c.end(); err != nil {
			return CallOutcome{Failure: failureAt(StageClose, err)}
		}
	}
	return o
}

// state asks a live instance for what a trap has left in it. How much of the stack's last
// calls was done is left open, and after an exit a runtime may have cleaned up.
func (c *caller) state(ctx context.Context, t runners.Trap) []byte {
	r, ok := c.live.(runners.Revivable)
	if !ok || c.afterTrap == nil || t == "" || t == runners.TrapStack || t == runners.TrapExit {
		return nil
	}
	r.Revive()
	state, err := c.live.Call(ctx, nil, c.afterTrap)
	if err != nil {
		return nil
	}
	return state
}

// end closes the instance, if any.
func (c *caller) end() error {
	if c.live == nil {
		return nil
	}
	in := c.live
	c.live = nil
	return in.Close()
}
