package process

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"edgebench/runners"
	"edgebench/runners/internal/spawn"
)

// child is a live process.
type child struct {
	system *system
	cmd    *exec.Cmd
	dir    string         // its working directory
	stdin  io.WriteCloser // nil where it has none
	stdout io.Reader      // nil where it has none
	once   sync.Once
	ended  chan struct{} // closed when it has been waited for
	dead   bool          // it serves no more
	left   error         // what could not be cleaned up
	clean  sync.Once
}

// lastWords is how long a process that has ended may keep others from knowing
// that it has no more to say on stderr, by handing it to a child of its own.
const lastWords = time.Second

// spawn starts the binary with the arguments and the environment of its Use. With pipes
// it has stdin and stdout, and what it says on stderr goes to said, which may be nil.
func (l *loaded) spawn(pipes bool, said io.Writer) (*child, error) {
	c := &child{system: l.system, ended: make(chan struct{})}
	if err := c.command(l); err != nil {
		return nil, err
	}
	c.cmd.Stderr, c.cmd.WaitDelay = said, lastWords
	var err error
	if pipes {
		err = c.connect()
	}
	if err == nil {
		err = c.start()
	}
	if err != nil {
		return nil, fmt.Errorf("spawn: %w", errors.Join(err, os.RemoveAll(c.dir)))
	}
	return c, nil
}

// start starts the process and enters it into the account of live ones.
func (c *child) start() error {
	c.system.starting.RLock()
	defer c.system.starting.RUnlock()
	if err := spawn.Start(c.cmd); err != nil {
		// The file was there when it was loaded: what the system then does not
		// find is the interpreter that it asks for.
		if errors.Is(err, syscall.ENOEXEC) || errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w: %w", runners.ErrMalformed, err)
		}
		return err
	}
	if c.system.policy.IsHardened() {
		c.system.account(c.cmd.Process.Pid, true)
		return nil // it has its limits already
	}
	if err := limit(c.cmd.Process.Pid, c.system.memory); err != nil {
		c.cmd.Process.Kill()
		c.cmd.Wait()
		return fmt.Errorf("limit the memory of the process: %w", err)
	}
	c.system.account(c.cmd.Process.Pid, true)
	return nil
}

// command makes the command of a process, without a policy in a folder of its own. It has
// the arguments and the variables of its Use, and those variables of the policy.
func (c *child) command(l *loaded) (err error) {
	policy := l.system.policy
	if policy == nil {
		if c.dir, err = l.system.folders.make(l.files); err != nil {
			return fmt.Errorf("make the working directory: %w", err)
		}
		c.cmd = exec.Command(l.path, l.use.Args...)
		c.cmd.Env, c.cmd.Dir = append([]string{}, l.use.Env...), c.dir
		return nil
	}
	if policy.Hardened {
		if c.cmd, err = harden(l.path, l.system.memory); err != nil {
			return fmt.Errorf("spawn: %w", err)
		}
	} else {
		c.cmd = exec.Command(l.path)
		demote(c.cmd)
	}
	c.cmd.Args = append(c.cmd.Args, l.use.Args...)
	c.cmd.Env, c.cmd.Dir = append(append([]string{}, l.use.Env...), policy.Environment...), l.files
	return nil
}

func (c *child) connect() (err error) {
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		return err
	}
	c.stdout, err = c.cmd.StdoutPipe()
	return err
}

// wait waits until the process has ended. It may be called several times.
func (c *child) wait() {
	c.once.Do(func() {
		// How it ended is in its ProcessState.
		_ = c.cmd.Wait()
		c.system.account(c.cmd.Process.Pid, false)
		close(c.ended)
	})
}

// end kills the process, waits for it, and removes what it has left: processes and its
// folder.
func (c *child) end() error {
	c.dead = true
	if c.stdin != nil {
		c.stdin.Close()
	}
	select {
	case <-c.ended:
	default:
		c.cmd.Process.Kill()
		c.wait()
		<-c.ended
	}
	c.clean.Do(func() { c.left = errors.Join(c.system.endOrphans(), os.RemoveAll(c.dir)) })
	return c.left
}

// Close ends the process and waits for it.
func (c *child) Close() error { return c.end() }
