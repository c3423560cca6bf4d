package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/internal/rawframe"
)

// Baseline runs the cold and the hot rung with os/exec and two pipes, as a
// program that starts another one would. It shares no code with the adapter.
func (runner) Baseline(ctx context.Context, l runners.Loop) (out runners.BaselineResult, err error) {
	path, err := filepath.Abs(l.Prepared.Path) // a relative one would be looked for in the child's folder
	if err != nil {
		return out, err
	}
	switch l.Rung {
	case results.Cold:
		out.Times, err = l.Repeat(ctx, func() (took time.Duration, err error) {
			runtime.GC() // as before each cold start: a child of a busy parent finds warm caches
			from := time.Now()
			c, err := startChild(path, l.Options.Scratch)
			if err != nil {
				return 0, err
			}
			out.Response, err = c.Call(out.Response[:0], l.Request)
			took = time.Since(from)
			return took, errors.Join(err, c.end())
		})
	case results.Hot:
		var c *baselineChild
		if c, err = startChild(path, l.Options.Scratch); err != nil {
			return out, err
		}
		defer func() { err = errors.Join(err, c.end()) }()
		if out.Response, err = c.Call(nil, l.Request); err != nil {
			return out, err
		}
		out.Times, err = l.Repeat(ctx, func() (time.Duration, error) {
			from := time.Now()
			out.Response, err = c.Call(out.Response[:0], l.Request)
			return time.Since(from), err
		})
	default:
		err = fmt.Errorf("no baseline loop for the rung %s: %w", l.Rung, runners.ErrUnavailable)
	}
	return out, err
}

// baselineChild is a process with a pipe each way, in a folder of its own.
type baselineChild struct {
	rawframe.Frames
	cmd *exec.Cmd
	in  io.WriteCloser
}

func startChild(path, scratch string) (*baselineChild, error) {
	dir, err := os.MkdirTemp(scratch, "")
	if err != nil {
		return nil, err
	}
	c := &baselineChild{cmd: exec.Command(path)}
	c.cmd.Env, c.cmd.Dir = []string{}, dir
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	c.In = c.in
	if c.Out, err = c.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	return c, c.cmd.Start()
}

// end closes the child's input, after which the child exits, and removes its folder.
func (c *baselineChild) end() error {
	return errors.Join(c.in.Close(), c.cmd.Wait(), os.RemoveAll(c.cmd.Dir))
}
