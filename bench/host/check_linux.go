package host

import (
	"context"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"edgebench/results"
	"edgebench/runners/dockerhost"
)

// window is how long the doctor watches the processors. The kernel counts about
// thirty ticks for each in this time.
const window = 300 * time.Millisecond

// askWithin bounds how long an engine may take to answer. Podman asks other programs
// for their versions, which takes a second on a busy machine.
const askWithin = 5 * time.Second

// Check looks for properties of this machine that disturb or limit a measurement.
// It takes about a third of a second, longer if an engine answers slowly, and
// changes nothing. The order of findings is fixed: those that affect every figure
// come first.
func Check(ctx context.Context) []Finding {
	t := root()
	before := t.cpuTimes()
	wait, cancel := context.WithTimeout(ctx, window)
	defer cancel()
	probes := readProbes(wait)
	socket := dockerSocket(dockerhost.Find())
	spent := t.cpuTimes().since(before)
	a := access{
		uid: os.Geteuid(), writable: writable, pageCache: PageCacheControl(),
		timer: measureTimer(), costs: measureCosts(), probes: probes, socket: socket, dialled: dial(ctx, socket),
	}
	if socket != "" && a.dialled == nil {
		wait, cancel := context.WithTimeout(ctx, askWithin)
		defer cancel()
		a.engine = askEngine(wait, socket)
	}
	return t.findings(spent, a)
}

// access is what this process may do on the machine.
type access struct {
	uid       int
	writable  func(dir string) bool
	pageCache error // why the page cache can't be dropped, or nil
	timer     timer
	costs     *results.HostCosts
	probes    []time.Duration
	socket    string // of Docker's engine
	dialled   error  // why it can't be connected to, or nil
	engine    engine
}

// findings judges a machine by its files, by what its processors did while the
// doctor watched, and by what this process may do.
func (t tree) findings(spent cpuTimes, a access) []Finding {
	return []Finding{
		t.checkLoad(spent), t.checkSteal(spent), checkContention(a.probes),
		t.checkClock(), t.checkTimer(a.timer), t.checkGovernor(), t.checkTurbo(), t.checkSMT(),
		t.checkMachine(), checkCosts(a.costs), t.checkContainer(),
		t.checkMemory(), t.checkPressure(), t.checkSwap(), t.checkHugePages(), t.checkRandomisation(),
		t.checkMapCount(), t.checkProcesses(), t.checkOpenFiles(), t.checkDensity(),
		t.checkPrivileges(a.uid), t.checkCgroups(a.writable), t.checkQuotas(),
		checkPageCache(a.pageCache), t.checkDocker(a.socket, a.dialled, a.engine), checkStorage(a.engine),
	}
}

// writable reports whether this process may write to a folder.
func writable(dir string) bool {
	return unix.Faccessat(unix.AT_FDCWD, dir, unix.W_OK, unix.AT_EACCESS) == nil
}
