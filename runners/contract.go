package runners

import (
	"context"
	"time"

	"edgebench/results"
)

// Kind is what a runner takes as artefact.
type Kind string

// The kinds of artefact.
const (
	// Wasm is a WebAssembly module: a reactor with the exports of package
	// runners/abi.
	Wasm Kind = "wasm"
	// Native is an executable that serves frames (package runners/frame). A
	// container runner makes its image or root file system of it.
	Native Kind = "native"
	// Image is a container image in one file, as `docker save` writes it:
	// manifest.json, a configuration and layers. Its command serves frames on
	// the socket that it is told of, unless the artefact says otherwise.
	Image Kind = "image"
	// Component is a component of WebAssembly's Component Model. It exports
	// handle: func(request: list<u8>) -> list<u8>, or wasi:cli/run as a command.
	Component Kind = "component"
	// Script is a program in JavaScript in one file: a module of ECMAScript whose
	// default export has the method fetch, as workers have. A request is the body of
	// a POST, the response the body of the answer.
	Script Kind = "script"
)

// Kinds lists all kinds, in the order in which they are shown.
func Kinds() []Kind { return []Kind{Wasm, Component, Script, Native, Image} }

// WebAssembly says whether the kind is WebAssembly in one of its two forms.
func (k Kind) WebAssembly() bool { return k == Wasm || k == Component }

// IsModule says whether it is a module or a component, whose file says how it takes
// requests.
func (k Kind) IsModule() bool { return k == Wasm || k == Component }

// Interface is how an artefact takes requests and gives responses. A runner that
// does not support it refuses the artefact in Prepare with an error that wraps
// ErrUnavailable and says so.
type Interface string

// The interfaces.
const (
	// Frames is the interface of edgebench's own artefacts: the exports of
	// package runners/abi for a module, the frames of package runners/frame for
	// an executable or an image.
	Frames Interface = ""
	// Stdio is a command: it reads one request from stdin to its end, writes
	// the response to stdout, and ends with exit code 0 or that of Use. A module of this kind
	// exports _start and imports WASI. An instance answers once: a second Call
	// is ErrClosed. Instantiate makes a module's instance that has not run, or
	// starts a native program, which waits for its request.
	Stdio Interface = "stdio"
	// HTTP is a server. The full value is "http:PORT", "http:PORT/PATH", or either
	// with a host before the port, "http:[::1]:PORT", for a server of this machine
	// that listens there alone. A request is the body of a POST to the path. The
	// response is the body of an answer with status 200. Use.HTTP changes method,
	// header and status.
	HTTP Interface = "http"
)

// SingleShot says that an instance answers one request and ends. Such an instance
// has no hot rung, and none stays live in memory. It has a pooled rung if the
// mode's ready state is a loaded module (Mode.Parks is false). A single-shot
// program does not signal that it is ready, so Park refuses it with
// ErrUnavailable.
func (s Interface) SingleShot() bool { return s == Stdio }

// Runner adapts one system, in all its modes. Its methods may be called from
// several goroutines.
type Runner interface {
	// Check finds out what can be measured here. An error means that no mode
	// can; it is one line that names the remedy.
	Check(ctx context.Context) (Info, error)
	// Boot starts the system in one mode, without any workload. Features of a
	// mode that is unknown or unavailable are an error.
	Boot(ctx context.Context, o Options) (Runtime, error)
	// Sweep removes whatever a process that no longer lives has left under
	// the scope: containers, images, control groups, mounts, processes. It is
	// called with scopes that are not in use, and does nothing for a scope
	// that it has never seen. Folders are the caller's.
	Sweep(ctx context.Context, scope string) error
}

// Runtime is a running system.
type Runtime interface {
	// Prepare makes an artefact ready on disk. The folder dir is empty and
	// private to this call. Data that is kept outside it (in an engine's image
	// store) is made unique by the folder's path, so that no earlier Prepare
	// makes this one cheaper.
	Prepare(ctx context.Context, a Artefact, dir string, t *Trace) (Prepared, error)
	// Load brings a prepared artefact into memory as far as is possible
	// without serving a request.
	Load(ctx context.Context, p Prepared, t *Trace) (Loaded, error)
	// Close stops the system. Loaded and Instances must be closed before.
	Close() error
}

// Loaded makes instances.
type Loaded interface {
	Instantiate(ctx context.Context, t *Trace) (Instance, error)
	Close() error
}

// Instance is one workload in its sandbox.
type Instance interface {
	// Call sends one request and appends the response to dst. An empty request
	// is a ping, and its response is empty. An artefact whose interface is not
	// Frames handles an empty request like any other. The request is at most
	// abi.MaxMessage bytes long; a longer response is an error.
	//
	// A context with a deadline need not interrupt a guest that computes, except
	// in a mode that is Interruptible: the harness kills the agent. A guest's trap is an error that wraps ErrTrap.
	Call(ctx context.Context, dst, request []byte) ([]byte, error)
	Close() error
}

// Entrant is an Instance that knows when its workload's main was entered. The
// agent asks after the clock has stopped, so that the timed path has no extra
// cost. The moment is on the clock of Now; ok is false if the two clocks cannot
// be compared.
type Entrant interface {
	Entered(ctx context.Context) (at time.Duration, ok bool, err error)
}

// Revivable is an Instance of which a test can see what a trap has left in it.
type Revivable interface {
	// Revive lets an instance that has trapped take calls again. Without it they are
	// ErrClosed, since a host does not go on with such an instance.
	Revive()
}

// Parker is a Loaded whose best ready state is an instance that lives but is
// held: a paused container, a stopped process.
type Parker interface {
	Park(ctx context.Context) (Parked, error)
}

// Parked is a held instance that has served no one.
type Parked interface {
	Resume(ctx context.Context, t *Trace) (Instance, error)
	// Close ends it. After Resume it does nothing: the instance owns all.
	Close() error
}

// Versioned is a Runner whose stored code carries the version of what compiled it.
type Versioned interface {
	// OtherVersion changes a prepared file to what another version of the runtime would
	// have stored, as far as the runtime can tell, and gives what Load takes of it.
	OtherVersion(p Prepared) (Prepared, error)
}

// Remover is a Runtime whose Prepare leaves something outside its folder, such
// as an image in an engine's store.
type Remover interface {
	Remove(ctx context.Context, p Prepared) error
}

// Bounded is a Runtime that may have room for a fixed number of instances, such as a
// pool.
type Bounded interface {
	// Bound is how many instances can live at once, 0 where nothing of the runtime
	// bounds them.
	Bound() int
}

// MemoryOwner is a Runtime whose instances live outside the agent's process.
type MemoryOwner interface {
	// MemoryOwners names the memory owners of the live instances of this
	// runtime. The agent's own process is always counted and need not be named.
	MemoryOwners(ctx context.Context) (MemoryOwners, error)
}

// MemoryOwners are the processes and control groups to which the memory of live
// instances is charged.
type MemoryOwners struct {
	// PIDs are workloads, shims and proxies: processes that exist because an
	// instance exists. They count in full.
	PIDs []int `json:"pids,omitempty"`
	// Daemons serve all instances; only their growth counts.
	Daemons []int `json:"daemons,omitempty"`
	// Cgroups are absolute folders in the memory hierarchy, one or more for
	// each instance; a reader finds memory.usage_in_bytes (v1) or
	// memory.current (v2) in them.
	Cgroups []string `json:"cgroups,omitempty"`
}

// Options are the settings of one Boot.
type Options struct {
	Mode string `json:"mode"`
	// Scratch is an existing private folder for whatever the runtime needs on
	// disk while it runs. Its path is short enough for a unix socket in it.
	Scratch string `json:"scratch"`
	// Scope labels all that could outlive a crash (see Runner.Sweep). It
	// consists of letters, digits and dashes, at most 40 of them.
	Scope string `json:"scope"`
	// Group is the path of a control group, from the root of each hierarchy, below
	// which groups of instances are made; "" where the runner chooses.
	Group string `json:"group,omitempty"`
	// Memory limits each instance, in bytes; 0 means the runner's default.
	// For a module it bounds linear memory, for a process its private writable
	// memory (RLIMIT_DATA) or its control group.
	Memory uint64 `json:"memory_bytes,omitempty"`
	// Policy says what guests are given of their host; nil for what a workload needs.
	// A mode that is not Confines refuses one.
	Policy *Policy `json:"policy,omitempty"`
	// Prepared is the Path of the artefact that will be loaded, "" if that is not
	// known. A runtime that keeps compiled code in a folder of its own opens the one
	// that Prepare has filled, as a node does, and nothing else in it.
	Prepared string `json:"prepared,omitempty"`
	// Foreign says that what Prepared names may come from another machine or version.
	// Then the adapter does not refuse it, and the runtime does with it what it does for
	// anybody.
	Foreign bool `json:"foreign,omitempty"`
}

// Info is what Check found.
type Info struct {
	// Version is exact, as the library, engine or executable reports it.
	Version string `json:"version"`
	// Released is the day of the version's release, as 2006-01-02; "" if it is
	// unknown. An engine that was built from a release tells the day of its build.
	Released string `json:"released,omitempty"`
	Modes    []Mode `json:"modes"`
}

// Mode is one way of running the system.
type Mode struct {
	// Name of a mode that takes components is told apart by its beginning: see
	// ModuleMode.
	Name string `json:"name"`
	// Version is that of the mode's own tool where it differs from Info's, and
	// Released the day of its release, "" if it is unknown.
	Version  string `json:"version,omitempty"`
	Released string `json:"released,omitempty"`
	// Unavailable is the unavailable reason and its remedy in one line; "" if
	// the mode can be measured here.
	Unavailable string `json:"unavailable,omitempty"`
	// Rungs that this mode has; a rung that is missing does not exist for it.
	Rungs []results.Rung `json:"rungs"`
	// Default marks the mode that a user gets without any configuration.
	Default bool `json:"default,omitempty"`
	// Parks says that its Loaded is a Parker.
	Parks bool `json:"parks,omitempty"`
	// Engine says that processes which are not children of the agent do much of
	// the work, so that it cannot be told from the work of other programs.
	Engine bool `json:"engine,omitempty"`
	// Processes says that instances are processes of their own, and that the
	// Runtime is a MemoryOwner which names them.
	Processes bool `json:"processes,omitempty"`
	// OwnNetwork says that each instance has a network of its own, so that two
	// servers on one port can live side by side.
	OwnNetwork bool `json:"own_network,omitempty"`
	// Takes are the kinds of artefact that this mode accepts, where it does not
	// accept each that the runner's row in the table names.
	Takes []Kind `json:"takes,omitempty"`
	// NoNetwork says that nothing outside an instance can connect to it, so that no
	// server is measured.
	NoNetwork bool `json:"no_network,omitempty"`
	// Interruptible says that a guest which does not end is stopped, as if it had
	// trapped: at the deadline of its call's context, or when it has used an
	// allowance that lasts for seconds at most.
	Interruptible bool `json:"interruptible,omitempty"`
	// Confines says that the mode takes Options.Policy.
	Confines bool `json:"confines,omitempty"`
	// HostPaths says that guests find the folders of a policy at their paths on the
	// host, since they share its file system.
	HostPaths bool `json:"host_paths,omitempty"`
	// Features are what the project's documentation says of the version that is
	// linked, as this mode configures it. A module that needs others is left out with
	// their names.
	Features []Feature `json:"features,omitempty"`
	// Settings that bear on figures, for the environment's record.
	Settings map[string]string `json:"settings,omitempty"`
}

// Artefact is one build of a workload.
type Artefact struct {
	Workload string `json:"workload"`
	Language string `json:"language"`
	Kind     Kind   `json:"kind"`
	// Path of the file; SHA256 (hexadecimal) and Size are those of its bytes.
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Size   uint64 `json:"size_bytes"`
	// Files is a folder whose files a guest finds, by their names alone, in
	// its working directory, to be read only; "" where it needs none. An image
	// holds its files itself.
	Files string `json:"files,omitempty"`
	// Building is how long the toolchain took when the artefact was built on this
	// machine; 0 where it was not built here, or nobody has noted it.
	Building time.Duration `json:"building,omitempty"`
	// Interface is Frames for all artefacts of our own.
	Interface Interface `json:"interface,omitempty"`
	// Use is zero for all artefacts of our own.
	Use Use `json:"use,omitzero"`
}

// Prepared is an artefact that is ready on disk. It is plain data and holds
// in every process on this machine until its folder is removed.
type Prepared struct {
	Artefact Artefact `json:"artefact"`
	// Mode that prepared it; another mode refuses it.
	Mode string `json:"mode"`
	// Path is the file or folder that Load reads; for an engine, the name
	// under which its store has the image.
	Path string `json:"path"`
	// SHA256 is that of the file at Path, "" if Path is not a file. A runner
	// need not set it. The agent sets it after Prepare (AddChecksum). The
	// harness compares it before each trial (Verify), outside all timed
	// regions: a node verifies a file when it stores it and not when it starts
	// it.
	SHA256 string `json:"sha256,omitempty"`
	// Shipped is the size of what is sent to a node (module, binary, image
	// archive), Stored the size of what the node then keeps, both in bytes.
	Shipped uint64 `json:"shipped_bytes"`
	Stored  uint64 `json:"stored_bytes"`
}

// Exchange is a request and the response that is right for it.
type Exchange struct {
	Name     string `json:"name"`
	Request  []byte `json:"request"`
	Response []byte `json:"response"`
}
