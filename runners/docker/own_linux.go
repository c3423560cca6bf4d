package docker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"edgebench/runners"
	"edgebench/runners/cgroup"
	"edgebench/runners/interfaces"
	"edgebench/runners/internal/spawn"
)

// ownScript starts an engine in namespaces of its own. When its first process dies, the
// kernel ends all others, and the mounts and the network with them. The engine sees no
// other's state, uses no other's containerd, and has no second hierarchy of control
// groups, which crun before 1.9 refuses.
const ownScript = `
mount -t tmpfs tmpfs /run
if [ -d /etc/docker ]; then mount -t tmpfs tmpfs /etc/docker; fi
if [ -e /sys/fs/cgroup/unified/cgroup.procs ]; then umount /sys/fs/cgroup/unified; fi
ulimit -n "$(ulimit -Hn)"
exec dockerd --config-file "$1"`

// ownTools are the programs that an engine of our own needs.
var ownTools = []string{"dockerd", "containerd", "runc", "iptables", "unshare", "mount", "sh"}

// hidden is the folder that such an engine has for itself alone.
const hidden = "/run"

// ownObstacle says why the run can't start an engine and what to do, or "".
func ownObstacle() string {
	if os.Geteuid() != 0 {
		return "the run starts an engine of its own, which takes root"
	}
	for _, tool := range ownTools {
		if _, err := exec.LookPath(tool); err != nil {
			return "the run starts an engine of its own, for which " + tool + " is missing: install it with scripts/setup-debian.sh"
		}
	}
	return ""
}

// ownEngine is an engine that this process has started.
type ownEngine struct {
	socket string
	group  string // the parent of its containers' control groups
	files  string // folder of socket and configuration
	cmd    *exec.Cmd
	said   interfaces.Words
	ended  chan struct{} // closed when the process has
	// users are the images that are loaded from it.
	users int
}

// ownEngines gives each engine of this process another name.
var ownEngines atomic.Uint64

// groupsOf begins the names of the control groups of a scope's own engines.
func groupsOf(scope string) string { return "edgebench-engine-" + scope + "-" }

// startOwn starts an engine whose images are in a folder, and waits until it answers.
func startOwn(ctx context.Context, p patience, images, scratch, scope string) (_ *ownEngine, err error) {
	if why := ownObstacle(); why != "" {
		return nil, fmt.Errorf("%s: %w", why, runners.ErrUnavailable)
	}
	for _, dir := range []string{images, scratch} {
		if strings.HasPrefix(dir, hidden+"/") {
			return nil, fmt.Errorf("start an engine: it can't see %s, which is below %s: set XDG_CACHE_HOME and TMPDIR to other folders: %w", dir, hidden, runners.ErrUnavailable)
		}
	}
	number := ownEngines.Add(1)
	o := &ownEngine{
		files: filepath.Join(scratch, fmt.Sprintf("own%d", number)), ended: make(chan struct{}),
		group: fmt.Sprintf("%s%d-%d", groupsOf(scope), os.Getpid(), number),
	}
	o.socket = filepath.Join(o.files, socketName)
	if err := os.Mkdir(o.files, 0o700); err != nil {
		return nil, fmt.Errorf("start an engine: make its folder: %w", err)
	}
	defer func() {
		if err != nil {
			err = also(err, o.stop())
		}
	}()
	config, err := o.configure(images)
	if err != nil {
		return nil, fmt.Errorf("start an engine: write its configuration: %w", err)
	}
	o.cmd = exec.Command("unshare", "--mount", "--propagation", "slave", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
		"sh", "-ec", ownScript, "sh", config)
	o.cmd.Stdout, o.cmd.Stderr = &o.said, &o.said
	if err := spawn.Start(o.cmd); err != nil {
		o.cmd = nil
		return nil, fmt.Errorf("start an engine: %w", err)
	}
	go func() {
		_ = o.cmd.Wait() // what it has said tells more
		close(o.ended)
	}()
	return o, o.await(ctx, p)
}

// configure writes the engine's configuration: Docker's defaults but for what tells it
// apart from another engine of this machine.
func (o *ownEngine) configure(images string) (string, error) {
	text, err := json.Marshal(map[string]any{
		"data-root": images, "hosts": []string{"unix://" + o.socket},
		"cgroup-parent": "/" + o.group, "exec-opts": []string{"native.cgroupdriver=cgroupfs"},
	})
	if err != nil {
		return "", err
	}
	path := filepath.Join(o.files, "daemon.json")
	return path, os.WriteFile(path, text, 0o600)
}

// await waits until the engine answers.
func (o *ownEngine) await(ctx context.Context, p patience) error {
	const pause = 2 * time.Millisecond
	ctx, cancel := context.WithTimeout(ctx, p.request)
	defer cancel()
	for {
		e, err := connectTo(ctx, p, o.socket, "")
		if err == nil {
			return e.close()
		}
		select {
		case <-o.ended:
			return fmt.Errorf("start an engine: it ends at once and says %q: %w", o.said.Line(), runners.ErrUnavailable)
		case <-ctx.Done():
			return fmt.Errorf("start an engine: it does not answer within %v: %w: %w", p.request, err, context.Cause(ctx))
		case <-time.After(pause):
		}
	}
}

// stopWithin bounds the time in which an engine ends by itself.
const stopWithin = 15 * time.Second

// stop ends the engine in order, so that what it has stored is whole, and removes what it
// leaves: its files and its control groups.
func (o *ownEngine) stop() error {
	if o.cmd != nil {
		o.interrupt()
		select {
		case <-o.ended:
		case <-time.After(stopWithin):
			_ = o.cmd.Process.Kill()
			<-o.ended
		}
	}
	err := removeGroups(func(name string) bool { return name == o.group })
	if left := os.RemoveAll(o.files); err == nil && left != nil {
		err = fmt.Errorf("remove the engine's folder: %w", left)
	}
	return err
}

// interrupt asks the engine to end. It is the child of what has made its namespaces.
func (o *ownEngine) interrupt() {
	all, err := processes()
	if err != nil {
		return
	}
	for pid, p := range all {
		if p.PPID == o.cmd.Process.Pid {
			_ = syscall.Kill(pid, syscall.SIGTERM)
		}
	}
}

// removeGroups kills what is in the control groups of own engines, and removes them.
func removeGroups(matches func(name string) bool) error {
	tree, err := cgroup.Discover()
	if err != nil {
		return fmt.Errorf("remove the engine's control groups: %w", err)
	}
	defer tree.Close()
	if err := tree.Sweep(matches); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("remove the engine's control groups: %w", err)
	}
	return nil
}

// fleet are the engines that a process has started, by the folders of their images. They
// live on when a Runtime is closed, so that a later one finds a running engine.
type fleet struct {
	mu  sync.Mutex
	all map[string]*ownEngine
}

// get finds the engine of a folder or starts it, and ends those that nobody uses.
func (f *fleet) get(ctx context.Context, p patience, images, scratch, scope string) (*ownEngine, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if o := f.all[images]; o != nil {
		select {
		case <-o.ended:
			return nil, fmt.Errorf("the engine that the run started has ended and says %q", o.said.Line())
		default:
			return o, nil
		}
	}
	for at, o := range f.all {
		if o.users == 0 {
			delete(f.all, at)
			if err := o.stop(); err != nil {
				return nil, err
			}
		}
	}
	o, err := startOwn(ctx, p, images, scratch, scope)
	if err != nil {
		return nil, err
	}
	if f.all == nil {
		f.all = map[string]*ownEngine{}
	}
	f.all[images] = o
	return o, nil
}

// use notes that an image of an engine is loaded, or no longer.
func (f *fleet) use(o *ownEngine, more int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o.users += more
}

// end stops the engine of a folder, if there is one.
func (f *fleet) end(images string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	o := f.all[images]
	if o == nil {
		return nil
	}
	delete(f.all, images)
	return o.stop()
}

// Close stops all engines.
func (f *fleet) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var errs []error
	for _, o := range f.all {
		errs = append(errs, o.stop())
	}
	f.all = nil
	return errors.Join(errs...)
}
