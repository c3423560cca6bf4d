package runners

import "time"

// Phase names. Runners mark only the phases that they can distinguish.
const (
	PhaseRead          = "read"           // the artefact's bytes are in memory
	PhaseCompile       = "compile"        // machine code has been made
	PhaseStore         = "store"          // it has been written to disk
	PhaseLoad          = "load"           // prepared code is in memory
	PhaseInstantiate   = "instantiate"    // memory and imports are in place
	PhaseInitialise    = "initialise"     // _initialize has run
	PhaseFirstCall     = "first_call"     // the first response is there
	PhaseSpawn         = "spawn"          // the agent's process has reached main
	PhaseBoot          = "boot"           // the runtime runs
	PhaseImport        = "import"         // the image is in the store
	PhaseUnpack        = "unpack"         // the root file system is there
	PhaseCreate        = "create"         // the container exists
	PhaseStart         = "start"          // the start call has returned
	PhaseEntry         = "entry"          // the workload's main has been entered
	PhaseConnect       = "connect"        // its connection stands
	PhaseResume        = "resume"         // the held instance runs again
	PhaseFirstResponse = "first_response" // request sent, response received
)

var epoch = time.Now()

// Now is the monotonic clock of the suite: the time since this process began
// to use it. It costs one clock read, where time.Now costs two.
func Now() time.Duration { return time.Since(epoch) }

// Mark is one phase of a trace and the moment at which it ended.
type Mark struct {
	Phase string
	At    time.Duration
}

// Trace collects the moments at which phases end. It allocates nothing after
// NewTrace as long as no more than maxMarks phases are marked; further ones
// are dropped. A nil *Trace takes marks and ignores them.
type Trace struct {
	marks [maxMarks]Mark
	n     int
	began time.Duration
}

const maxMarks = 16

// NewTrace returns a trace that is ready to Begin.
func NewTrace() *Trace { return &Trace{} }

// Begin forgets all marks and sets the start to now.
func (t *Trace) Begin() {
	t.n = 0
	t.began = Now()
}

// Mark notes that a phase has ended now.
func (t *Trace) Mark(phase string) { t.MarkAt(phase, Now()) }

// MarkAt notes that a phase ended at a moment of Now's clock. A moment before
// the last mark is replaced by that mark's moment.
func (t *Trace) MarkAt(phase string, at time.Duration) {
	if t == nil || t.n == maxMarks {
		return
	}
	if last := t.last(); at < last {
		at = last
	}
	t.marks[t.n] = Mark{phase, at}
	t.n++
}

// Insert notes a phase whose end became known only afterwards, in the order of
// time. A moment outside the trace is replaced by the trace's beginning or end,
// so that the total does not change.
func (t *Trace) Insert(phase string, at time.Duration) {
	if t == nil || t.n == maxMarks {
		return
	}
	at = min(max(at, t.began), t.last())
	i := t.n
	for i > 0 && t.marks[i-1].At > at {
		i--
	}
	copy(t.marks[i+1:t.n+1], t.marks[i:t.n])
	t.marks[i] = Mark{phase, at}
	t.n++
}

func (t *Trace) last() time.Duration {
	if t.n == 0 {
		return t.began
	}
	return t.marks[t.n-1].At
}

// Total is the time from Begin to the last mark.
func (t *Trace) Total() time.Duration { return t.last() - t.began }

// Phases calls f for each phase in order with the time since the one before.
func (t *Trace) Phases(f func(phase string, d time.Duration)) {
	from := t.began
	for _, m := range t.marks[:t.n] {
		f(m.Phase, m.At-from)
		from = m.At
	}
}
